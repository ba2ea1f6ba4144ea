"""The API's side of the walls: problem documents, and view sets that show exactly what the person may see."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation, ValidationError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions, viewsets
from rest_framework.response import Response

from tenancy.access import can

PROBLEM = "application/problem+json"


def document(status: int, detail: str, errors: Any = None) -> dict[str, Any]:
    """What went wrong, as RFC 9457 has it: type, title, status, detail, and `errors` by field."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    return {**body, "errors": errors} if errors else body


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every refusal of a resource as a problem document. What nobody foresaw goes on to `answer`."""
    status, detail, errors = _read(error)
    if status is None:
        return None
    headers = {"WWW-Authenticate": "Token"} if status == 401 else {}
    if wait := getattr(error, "wait", None):  # throttled
        headers["Retry-After"] = str(int(wait))
    return Response(document(status, detail, errors), status=status, headers=headers, content_type=PROBLEM)


def answer(request: HttpRequest, status: int) -> JsonResponse:
    """The same for what goes wrong outside the resources: unknown addresses, bad requests, breakdowns."""
    details = {
        400: _("The request cannot be read."),
        403: str(exceptions.PermissionDenied.default_detail),
        404: str(exceptions.NotFound.default_detail),
        500: _("Something broke on our side; nothing was saved."),
    }
    return JsonResponse(document(status, details[status]), status=status, content_type=PROBLEM)


def _read(error: Exception) -> tuple[int | None, str, Any]:
    if isinstance(error, ValidationError):
        if getattr(error, "code", "") == "stale":
            return 409, " ".join(error.messages), None
        fields = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        return 422, " ".join(m for messages in fields.values() for m in messages), fields
    if isinstance(error, exceptions.ValidationError):
        return 422, str(exceptions.ValidationError.default_detail), error.detail
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return 401, str(error.detail), None
    if isinstance(error, Http404):
        return 404, str(exceptions.NotFound.default_detail), None
    if isinstance(error, PermissionDenied):
        return 403, str(exceptions.PermissionDenied.default_detail), None
    if isinstance(error, exceptions.APIException):
        return error.status_code, str(error.detail), None
    if isinstance(error, RecursionError | OverflowError):  # brackets in brackets without end, numbers without measure
        return 400, _("The request cannot be read."), None
    if isinstance(error, SuspiciousOperation):
        too_big = isinstance(error, RequestDataTooBig)
        return 413 if too_big else 400, _("The request cannot be read."), None
    return None, "", None


class ScopedViewSet(viewsets.GenericViewSet):  # type: ignore[type-arg]
    """A resource shows the rows of `for_user(view_permission)`, as the pages do: what one may not see is not there.

    `permission_for` names what an action needs beyond seeing; the domain asks again, for the very row.
    """

    view_permission: ClassVar[str]
    permission_for: ClassVar[dict[str, str]] = {}

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if "multipart" not in (request.content_type or "") and int(length) > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
            raise RequestDataTooBig  # the parser would read it whole

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.for_user(self.request.user, self.view_permission)

    def check_permissions(self, request: Any) -> None:
        super().check_permissions(request)
        needed = self.permission_for.get(self.action or "")
        if needed and not can(request.user, needed):
            raise PermissionDenied(needed)

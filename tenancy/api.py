"""The API's side of the walls: problem documents, and view sets that show exactly what the person may see."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from rest_framework import exceptions, viewsets
from rest_framework.response import Response

from tenancy.access import can


def problem(error: Exception, context: dict[str, Any]) -> Response | None:
    """Every error as a problem document (RFC 9457): type, title, status, detail, and `errors` by field."""
    status, detail, errors = _read(error)
    if status is None:
        return None
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    if errors:
        body["errors"] = errors
    headers = {"WWW-Authenticate": "Token"} if status == 401 else {}
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return Response(body, status=status, headers=headers, content_type="application/problem+json")


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
    return None, "", None


class ScopedViewSet(viewsets.GenericViewSet):  # type: ignore[type-arg]
    """A resource: rows by `for_user(view_permission)`; `permission_for` names what each other action needs."""

    view_permission: ClassVar[str]
    permission_for: ClassVar[dict[str, str]] = {}

    def get_queryset(self) -> Any:
        rows: Any = super().get_queryset()
        return rows.for_user(self.request.user, self.view_permission)

    def check_permissions(self, request: Any) -> None:
        super().check_permissions(request)
        needed = self.permission_for.get(self.action or "", self.view_permission)
        if not can(request.user, needed):
            raise PermissionDenied(needed)

    def check_object_permissions(self, request: Any, obj: Any) -> None:
        needed = self.permission_for.get(self.action or "", self.view_permission)
        if not can(request.user, needed, obj):
            raise PermissionDenied(needed)

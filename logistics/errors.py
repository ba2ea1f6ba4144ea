"""What is answered when no view answers: a page for people, a problem document for programs."""

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from tenancy.api import answer


def _for_program(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 400) if _for_program(request) else defaults.bad_request(request, exception)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 403) if _for_program(request) else defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return answer(request, 404) if _for_program(request) else defaults.page_not_found(request, exception)


def broken(request: HttpRequest) -> HttpResponse:
    return answer(request, 500) if _for_program(request) else defaults.server_error(request)


def no_such_resource(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Any other address below /api/."""
    return answer(request, 404)

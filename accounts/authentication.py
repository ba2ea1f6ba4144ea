"""The API trusts the person that the middleware found; a browser's session must send the CSRF token too."""

from __future__ import annotations

from typing import Any

from rest_framework.authentication import SessionAuthentication


class RequestUserAuthentication(SessionAuthentication):
    """Session or token, both already looked up before the scope opened."""

    def authenticate(self, request: Any) -> tuple[Any, Any] | None:
        user = request._request.user
        if not user.is_authenticated:
            return None
        token = getattr(request._request, "auth_token", None)
        if token is None:
            self.enforce_csrf(request)
        return user, token

    def authenticate_header(self, request: Any) -> str:
        return "Token"

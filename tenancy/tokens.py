"""An API token in exchange for e-mail and password."""

from __future__ import annotations

from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth import authenticate
from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.permissions import AllowAny
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import domain
from accounts.models import SignIn
from tenancy import after


class SignInSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=120)
    password = serializers.CharField(max_length=200, trim_whitespace=False)


class TokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="shown once; send it as `Authorization: Token …`")


class TokenView(APIView):
    """A new token for who knows e-mail and password. Throttled like the sign-in page; each answer is logged."""

    authentication_classes = ()
    permission_classes = (AllowAny,)

    @extend_schema(request=SignInSerializer, responses=TokenSerializer, operation_id="token", tags=["auth"])
    def post(self, request: Any) -> Response:
        asked = SignInSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        email, password = asked.validated_data["email"], asked.validated_data["password"]
        user = authenticate(request._request, login=email, password=password)
        if user is None:
            self.refuse(request._request, email)
        if user.must_change_password:
            raise exceptions.PermissionDenied(_("Please choose a new password on the website first."))
        with transaction.atomic():
            key = domain.give_token(user, "API")
            domain.log(request._request, SignIn.Outcome.TOKEN, user=user, login=email)
        return Response({"token": key})

    def refuse(self, request: Any, email: str) -> NoReturn:
        """Write it down, then say no; a locked-out address is told how long to wait, as a problem document."""
        locked = getattr(request, "axes_locked_out", False)
        outcome = SignIn.Outcome.LOCKED if locked else SignIn.Outcome.REFUSED
        after.record(lambda: domain.log(request, outcome, login=email))
        if locked:
            request.axes_locked_out = False  # the throttle's own page is for people
            raise exceptions.Throttled(wait=settings.AXES_COOLOFF_TIME * 3600)
        raise exceptions.AuthenticationFailed(_("E-mail or password is wrong."))

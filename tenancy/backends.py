"""Sign-in by e-mail, or by hospital code and staff number."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db.models import Q
from django.utils import timezone

from accounts.domain import use_code
from accounts.models import User
from tenancy.models import Hospital, Membership
from tenancy.scope import scope

# every page asks this first, and composing it took longer than running it
SIGNED_IN = "SELECT * FROM accounts_user WHERE id = %s AND is_active"


class SignInBackend(BaseBackend):
    """`login` is an e-mail address, or hospital code and staff number: `CODE/number`, or with a space or hyphen."""

    def authenticate(self, request: Any, login: str = "", password: str = "", **kwargs: Any) -> User | None:
        if not password:
            return None
        user = find(login or kwargs.get("username") or "")
        if user is None:
            User().set_password(password)  # as slow as a wrong password: nobody learns who exists
            return None
        return user if user.is_active and user.check_password(password) else None

    def get_user(self, user_id: int) -> User | None:
        return next(iter(User.objects.raw(SIGNED_IN, [user_id])), None)


class CodeBackend(SignInBackend):
    """`login` and a one-time code instead of the password."""

    def authenticate(  # type: ignore[override]  # Django picks backends by the names of their arguments
        self, request: Any, login: str = "", code: str = "", **kwargs: Any
    ) -> User | None:
        user = find(login) if code else None
        return user if user is not None and user.is_active and use_code(user, code) else None


def find(login: str) -> User | None:
    """The person with this e-mail, or with this staff number at this hospital; None when there is none."""
    login = login.strip()
    if "@" in login:
        return User.objects.filter(email=login.lower()).first()
    for separator in ("/", " ", "-"):
        code, found, number = login.partition(separator)
        if found and (hospital := Hospital.objects.filter(code=code.strip().upper(), is_open=True).first()):
            return _by_number(hospital, number.strip(), timezone.localdate())
    return None


def _by_number(hospital: Hospital, number: str, day: date) -> User | None:
    with scope([hospital.pk]):
        member = (
            Membership.objects.select_related("user")
            .filter(Q(ends_on=None) | Q(ends_on__gte=day), hospital=hospital, staff_number=number)
            .first()
        )
    return member.user if member else None

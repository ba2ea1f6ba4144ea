"""Signing in and out, one-time codes, passwords, API tokens; each leaves a line in the sign-in log."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta
from typing import Any

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import OneTimeCode, SignIn, Token, User, digest, new_secret

CODE_LASTS = timedelta(minutes=30)
CODE_ATTEMPTS = 5


def typed_login(request: Any, credentials: dict[str, Any] | None = None) -> str:
    """What was typed, in one spelling: the throttle counts `A 1001`, `a-1001` and `A/1001` together.

    For a try that is what is tried; a field of this name beside it must not make each try look like somebody else's.
    """
    given, posted = credentials or {}, getattr(request, "POST", {}).get("login")
    tried = given.get("login") if "password" in given or "code" in given else posted or given.get("login")
    return re.sub(r"[\s/-]+", "/", (tried or "").strip().lower())[:120]


def log(request: Any, outcome: str, *, user: User | None = None, login: str = "") -> SignIn:
    """Write a line of the sign-in log: who, what was typed, from where, with what."""
    return SignIn.objects.create(
        user=user,
        login=(login or (user.email or user.name if user else ""))[:120],
        outcome=outcome,
        address=request.META.get("REMOTE_ADDR") or None,
        device=request.headers.get("User-Agent", "")[:200],
    )


def _code_digest(user: User, code: str) -> str:
    return salted_hmac("accounts.code", f"{user.pk}:{code}", algorithm="sha256").hexdigest()


def issue_code(actor: Any, user: User) -> str:
    """Six digits, good once, for 30 minutes; earlier codes of the person end. Whether the actor may is asked before."""
    now = timezone.now()
    OneTimeCode.objects.filter(user=user, used_at=None, expires_at__gt=now).update(expires_at=now)
    code = f"{secrets.randbelow(1_000_000):06d}"
    OneTimeCode.objects.create(
        user=user, digest=_code_digest(user, code), issued_by_id=actor.pk, expires_at=now + CODE_LASTS
    )
    return code


def use_code(user: User, code: str) -> bool:
    """Is this the person's code? A right one is used up; a fifth wrong try ends it. Counts before it compares."""
    now = timezone.now()
    living = OneTimeCode.objects.filter(user=user, used_at=None, expires_at__gt=now, attempts__lt=CODE_ATTEMPTS)
    found = living.order_by("-id").first()
    if found is None or not living.filter(pk=found.pk).update(attempts=F("attempts") + 1):
        return False
    if not constant_time_compare(found.digest, _code_digest(user, code.strip())):
        return False
    return bool(OneTimeCode.objects.filter(pk=found.pk, used_at=None).update(used_at=now))


def set_password(user: User, password: str) -> None:
    """Give the person a new password; other devices are signed out by it, and API keys that the old one opened end.

    Raises ValidationError for a weak one.
    """
    try:
        password_validation.validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error
    user.set_password(password)
    user.must_change_password = False
    user.save(update_fields=["password", "must_change_password"])
    Token.objects.filter(user=user, revoked_at=None).update(revoked_at=timezone.now())


def must_change(user: User) -> None:
    """The next thing this person does is choose a password."""
    user.must_change_password = True
    user.save(update_fields=["must_change_password"])


def give_token(user: User, label: str) -> str:
    """A key for the API; only its digest is kept, so it is shown once."""
    if not user.is_active:
        raise ValidationError({"user": _("This account is closed.")})
    key = new_secret()
    Token.objects.create(user=user, digest=digest(key), label=label[:60])
    return key


def revoke_token(token: Token) -> None:
    """The key stops working at once."""
    token.revoked_at = timezone.now()
    token.save(update_fields=["revoked_at"])


def prefer(user: User, *, language: str | None = None, theme: str | None = None) -> None:
    """Remember how the person likes the pages."""
    if language:
        user.language = language
    if theme:
        user.theme = theme
    user.save(update_fields=["language", "theme"])

"""People who sign in, and what they sign in with. Outside the wall: only keys, never phone, post or unit."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


def digest(secret: str) -> str:
    """What is stored of a random token; 256 random bits need no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


class UserManager(BaseUserManager["User"]):
    def create_user(self, name: str, *, email: str = "", password: str | None = None, **fields: Any) -> User:
        user = User(name=name, email=email.strip().lower() or None, **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """One person, or a ward's shared account; what they may do stands in grants, where they work in memberships."""

    class Theme(models.TextChoices):
        AUTO = "auto", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=60)
    email = models.EmailField(_("e-mail"), null=True, blank=True, unique=True)  # lower case; null where there is none
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    theme = models.CharField(_("theme"), max_length=5, choices=Theme.choices, default=Theme.AUTO)
    is_shared = models.BooleanField(_("shared ward account"), default=False)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]
    objects = UserManager()

    class Meta:
        constraints = [models.CheckConstraint(name="user_email_lower", condition=models.Q(email=Lower("email")))]

    def __str__(self) -> str:
        return self.name


class Token(models.Model):
    """A key for the API. Only its digest is kept; the key itself is shown once."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user} {self.label}"


class OneTimeCode(models.Model):
    """Six digits that an administrator or team leader hands to who forgot the password; good once, for 30 minutes."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.user} {self.expires_at:%F %T}"


class SignIn(models.Model):
    """Every sign-in, sign-out and refusal. Append-only."""

    class Outcome(models.TextChoices):
        OK = "ok", _("signed in")
        OUT = "out", _("signed out")
        REFUSED = "refused", _("refused")
        LOCKED = "locked", _("locked out")
        CODE = "code", _("signed in with a one-time code")
        TOKEN = "token", _("API token given")

    at = models.DateTimeField(default=timezone.now, db_index=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    login = models.CharField(max_length=120)  # what was typed
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "-at"], name="signin_user_at")]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.login} {self.outcome}"


def new_secret() -> str:
    return secrets.token_urlsafe(32)

"""Signing in, entering a one-time code, choosing a password."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import User

BIG = "form-control form-control-lg"


def login_field() -> forms.CharField:
    """What a person types as their name: the page explains both ways."""
    return forms.CharField(
        label=_("E-mail, or hospital code and staff number"),
        help_text=_("For example A/10023: the hospital's code, a slash, your staff number."),
        max_length=120,
        widget=forms.TextInput(
            attrs={"class": BIG, "autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


def password_field(label: Any, autocomplete: str, **kwargs: Any) -> forms.CharField:
    attrs = {"class": BIG, "autocomplete": autocomplete}
    return forms.CharField(label=label, strip=False, max_length=200, widget=forms.PasswordInput(attrs=attrs), **kwargs)


class SignInForm(forms.Form):
    use_required_attribute = False
    login = login_field()
    password = password_field(_("Password"), "current-password")

    def fill_in(self, password: str) -> None:
        """Only for the demonstration's accounts: a page never repeats a password otherwise."""
        self.initial["password"] = password
        self.fields["password"].widget.render_value = True


class CodeForm(forms.Form):
    use_required_attribute = False
    login = login_field()
    code = forms.RegexField(
        r"^\s*\d{6}\s*$",
        label=_("One-time code"),
        help_text=_("Six digits from your team leader or administrator, good for 30 minutes."),
        error_messages={"invalid": _("The code has six digits.")},
        widget=forms.TextInput(attrs={"class": BIG, "inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class PasswordForm(forms.Form):
    use_required_attribute = False
    old = password_field(_("Present password"), "current-password")
    password = password_field(
        _("New password"),
        "new-password",
        help_text=_("At least ten characters; not a common word, not only your name."),
    )
    again = password_field(_("New password once more"), "new-password")

    def __init__(self, *args: Any, user: User, by_code: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        if by_code:  # there is no password to ask for; an older session of the same person is asked
            del self.fields["old"]

    def clean_old(self) -> str:
        if not self.user.check_password(self.cleaned_data["old"]):
            raise ValidationError(_("This is not your present password."))
        return str(self.cleaned_data["old"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("again") and cleaned.get("password") != cleaned["again"]:
            self.add_error("again", _("The two passwords differ."))
        return cleaned


class PreferencesForm(forms.Form):
    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)
    theme = forms.ChoiceField(choices=User.Theme.choices, required=False)

"""Signing in and out, codes, passwords, preferences."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import domain
from accounts.forms import CodeForm, PasswordForm, PreferencesForm, SignInForm
from accounts.models import SignIn, User

BY_CODE = "by_code"  # this session began with a one-time code: there is no old password to ask for
YEAR = 365 * 24 * 3600
WARD_SESSION = 90 * 24 * 3600  # a ward's shared account signs in once


def next_page(request: HttpRequest, otherwise: str = "/") -> str:
    """Where the person wanted to go; never another site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if here and wanted.startswith("/") else otherwise


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _demo_accounts() -> list[dict[str, Any]]:
    """The demonstration's people with their roles; none unless it is loaded."""
    if not settings.DEMO:
        return []
    names = dict(User.objects.filter(email__in=settings.DEMO_ACCOUNTS).values_list("email", "name"))
    return [
        {"email": email, "role": role, "name": names[email]}
        for email, role in settings.DEMO_ACCOUNTS.items()
        if email in names
    ]


def _enter(request: HttpRequest, user: Any, typed: str, outcome: str) -> HttpResponse:
    login(request, user)
    request.session[BY_CODE] = outcome == SignIn.Outcome.CODE
    if user.is_shared:
        request.session.set_expiry(WARD_SESSION)
    domain.log(request, outcome, user=user, login=typed)
    return redirect("accounts:password" if user.must_change_password else next_page(request))


def _refuse(request: HttpRequest, typed: str) -> None:
    locked = getattr(request, "axes_locked_out", False)
    domain.log(request, SignIn.Outcome.LOCKED if locked else SignIn.Outcome.REFUSED, login=typed)


@never_cache
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """E-mail, or hospital code and staff number, and the password."""
    if request.user.is_authenticated:
        return redirect(next_page(request))
    accounts, chosen = _demo_accounts(), request.GET.get("login", "")
    form = SignInForm(_posted(request), initial={"login": chosen})
    if chosen in [account["email"] for account in accounts]:
        form.fill_in(settings.DEMO_PASSWORD)
    refused = False
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["login"]
        user = authenticate(request, login=typed, password=form.cleaned_data["password"])
        if user is not None:
            return _enter(request, user, typed, SignIn.Outcome.OK)
        refused = True
        _refuse(request, typed)
    context = {"form": form, "refused": refused, "next": next_page(request, ""), "demo_accounts": accounts}
    return render(request, "accounts/sign_in.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@sensitive_post_parameters("code")
def enter_code(request: HttpRequest) -> HttpResponse:
    """A one-time code signs in once; the next page asks for a new password."""
    form = CodeForm(_posted(request))
    refused = False
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data["login"]
        user = authenticate(request, login=typed, code=form.cleaned_data["code"])
        if isinstance(user, User):
            domain.must_change(user)
            return _enter(request, user, typed, SignIn.Outcome.CODE)
        refused = True
        _refuse(request, typed)
    context = {"form": form, "refused": refused}
    return render(request, "accounts/code.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, User):
        domain.log(request, SignIn.Outcome.OUT, user=request.user)
    logout(request)
    return redirect("accounts:sign_in")


@never_cache
@login_required
@sensitive_post_parameters("old", "password", "again")
def password(request: HttpRequest) -> HttpResponse:
    """Choose a new password; who came in with a code gets nowhere else before."""
    assert isinstance(request.user, User)
    forced = request.user.must_change_password
    form = PasswordForm(_posted(request), user=request.user, by_code=forced and request.session.get(BY_CODE, False))
    if request.method == "POST" and form.is_valid():
        try:
            domain.set_password(request.user, form.cleaned_data["password"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            update_session_auth_hash(request, request.user)
            messages.success(request, _("The new password holds from now on."))
            return redirect("/")
    context = {"form": form, "forced": forced}
    return render(request, "accounts/password.html", context, status=422 if request.method == "POST" else 200)


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Language and theme: kept with the person, and in a cookie for the pages before sign-in."""
    form = PreferencesForm(request.POST)
    response = redirect(next_page(request))
    if not form.is_valid():
        return response
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    if isinstance(request.user, User):
        domain.prefer(request.user, **chosen)
    for name, value in chosen.items():
        cookie = settings.LANGUAGE_COOKIE_NAME if name == "language" else "theme"
        response.set_cookie(cookie, value, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response


@login_required
def nothing(request: HttpRequest) -> HttpResponse:
    """For who is signed in but holds no role anywhere (yet, or no longer)."""
    return render(request, "accounts/nothing.html")

"""Pages of the office that are not a plain list, record or form."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.models import SignIn
from administration import crud, finders, forms, tables
from administration.actions import require
from administration.queries import consortia_of, hospitals_to_change, roles_to_see
from flow.permissions import CHAIN_CHANGE
from flow.queries import history_of
from tenancy import domain, queries
from tenancy import permissions as perm
from tenancy.access import can, hospitals_with, permissions_of, reaches
from tenancy.models import Grant, Hospital, Membership, Refusal, Role
from tenancy.permissions import declared
from ui import paging
from ui.pages import links, next_url


@login_required
def home(request: HttpRequest) -> HttpResponse:
    """What this person may arrange, with counts."""
    offices = (crud.places, crud.units, crud.teams, crud.people, crud.engagements)
    mine = permissions_of(request.user)
    hospital = getattr(request, "hospital", None)
    narrow = {"hospital_id": hospital["id"]} if hospital else {}
    tiles = [
        {
            "label": office.title,
            "icon": office.icon,
            "url": office.reverse("_list"),
            "count": paging.total(office.rows(request.user).filter(**narrow)),
        }
        for office in offices
        if office.view in mine
    ]
    for permission, label, icon, name in OTHERS:
        if permission in mine:
            tiles.append({"label": label(), "icon": icon, "url": name, "count": None})
    if not tiles:
        raise PermissionDenied
    return render(request, "administration/home.html", {"tiles": [{**t, "url": _url(t["url"])} for t in tiles]})


OTHERS = (
    (perm.HOSPITAL_CHANGE, lambda: _("Hospital data"), "building-hospital", "administration:hospitals"),
    (CHAIN_CHANGE, lambda: _("Deadlines and escalation"), "hourglass", "administration:chains"),
    (perm.GRANT_VIEW, lambda: _("Roles"), "key", "administration:roles"),
    (perm.GRANT_VIEW, lambda: _("Why, or why not?"), "help-circle", "administration:why"),
    (perm.LOG_VIEW, lambda: _("Everything that happened"), "history", "administration:event_list"),
    (perm.LOG_VIEW, lambda: _("Sign-ins and refusals"), "history", "administration:sign_ins"),
)


def _url(name: str) -> str:
    return name if name.startswith("/") else reverse(name)


@login_required
def person(request: HttpRequest, pk: int, code: str = "", status: int = 200) -> HttpResponse:
    """A person: facts, what they may do, help with signing in."""
    office = crud.people
    member = office.get(request.user, pk)
    row = office.rows(request.user).filter(pk=pk).values(*sorted(office.table.fields())).get()
    sees = can(request.user, perm.GRANT_VIEW, member) or request.user.pk == member.user_id
    grants = Grant.objects.filter(Q(hospital=member.hospital_id) | Q(consortium=member.hospital.consortium_id))
    shown = grants.filter(user=member.user_id).select_related("role", "hospital", "contractor") if sees else []
    for grant in shown:
        grant.words = queries.where_of(grant)
        grant.running = grant.ends_on is None or grant.ends_on >= timezone.localdate()
    return office.render(
        request,
        "detail",
        status=status,
        object=member,
        facts=office.table().facts(row),
        history=history_of(member),
        may_change=can(request.user, perm.PERSON_CHANGE, member),
        grants=shown,
        may_grant=can(request.user, perm.GRANT_CHANGE, member),
        may_help=domain.may_help(request.user, perm.CODE_ISSUE, member),
        code=code,
    )


@login_required
@require_POST
def give_code(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a one-time code, once."""
    member = crud.people.get(request.user, pk)
    return person(request, pk, code=domain.give_code(request.user, member))


@login_required
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role to a person."""
    member = crud.people.get(request.user, pk, perm.GRANT_CHANGE)
    form = forms.GrantForm(request.POST or None, actor=request.user, obj=member)
    if request.method == "POST" and form.is_valid():
        try:
            _give(request.user, member, **form.cleaned_data)
            messages.success(request, _("%(name)s holds the role now.") % {"name": member.name})
            return redirect("administration:person", pk)
        except ValidationError as error:
            form.refuse(error)
        except PermissionDenied:
            form.add_error(None, _("You can only give what you hold yourself, everywhere it would reach."))
    action = next(a for a in crud.people.actions if a.name == "grant")
    status = 422 if request.method == "POST" else 200
    return crud.people.render(request, "action", status=status, object=member, form=form, action=action)


def _give(actor: Any, member: Membership, *, everywhere: bool, **terms: Any) -> Grant:
    where = {"consortium": member.hospital.consortium} if everywhere else {"hospital": member.hospital}
    return domain.grant(actor, user=member.user, **where, **terms)


@login_required
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """End a grant."""
    visible = Q(hospital__in=hospitals_with(request.user, perm.GRANT_VIEW)) | Q(
        consortium__in=consortia_of(request.user)
    )
    given = get_object_or_404(Grant.objects.filter(visible).select_related("user", "role"), pk=pk)
    member = Membership.objects.filter(user=given.user_id).order_by("ends_on", "pk").first()
    form = forms.RevokeForm(request.POST or None, actor=request.user, obj=member)
    if not any(perm.GRANT_CHANGE in reach.permissions for reach in reaches(request.user)):
        raise PermissionDenied(perm.GRANT_CHANGE)
    if request.method == "POST" and form.is_valid():
        try:
            domain.revoke(request.user, given, on=form.cleaned_data["on"])
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The role is revoked."))
            return redirect("administration:person", member.pk) if member else redirect("administration:person_list")
    facts = {"given": given, "form": form, "member": member}
    return render(request, "administration/revoke.html", facts, status=422 if request.method == "POST" else 200)


@login_required
def roles(request: HttpRequest) -> HttpResponse:
    """The roles of the consortium, what they may, how many hold them."""
    require(request.user, perm.GRANT_VIEW)
    words = declared()
    found = list(
        Role.objects.filter(consortium__in=consortia_of(request.user), retired=False)
        .annotate(people=Count("grants__user", distinct=True))
        .order_by("key")
    )
    for role in found:
        role.words = [str(words[p]) for p in role.permissions if p in words]
    return render(request, "administration/roles.html", {"roles": found})


@login_required
def role(request: HttpRequest, pk: int) -> HttpResponse:
    """One role: what it may do; for the consortium's administrator to change."""
    require(request.user, perm.GRANT_VIEW)
    found = get_object_or_404(roles_to_see(request.user), pk=pk)
    may_change = can(request.user, perm.ROLE_CHANGE, found)
    form = forms.RoleForm(request.POST or None, actor=request.user, obj=found)
    if request.method == "POST":
        require(request.user, perm.ROLE_CHANGE, found)
        if "reset" in request.POST:
            domain.reset_role(request.user, found)
            return redirect("administration:role", pk)
        if form.is_valid():
            try:
                domain.edit_role(request.user, found, **form.cleaned_data)
                messages.success(request, _("Saved."))
                return redirect("administration:role", pk)
            except ValidationError as error:
                form.refuse(error)
    words = [declared()[p] for p in found.permissions if p in declared()]
    facts = {"role": found, "form": form, "may_change": may_change, "words": words}
    return render(request, "administration/role.html", facts, status=422 if form.errors else 200)


@login_required
def sign_ins(request: HttpRequest) -> HttpResponse:
    """Every sign-in and refusal to sign in, of the people of the hospitals one may audit."""
    people = Membership.objects.filter(hospital__in=hospitals_with(request.user, perm.LOG_VIEW))
    known = Q(user__in=people.values("user"))
    return _log(request, _("Sign-ins"), tables.SignInTable, SignIn.objects.filter(known | _unknown(request)))


@login_required
def refusals(request: HttpRequest) -> HttpResponse:
    """Who was told no, and where."""
    people = Membership.objects.filter(hospital__in=hospitals_with(request.user, perm.LOG_VIEW))
    return _log(request, _("Refusals"), tables.RefusalTable, Refusal.objects.filter(user__in=people.values("user")))


def _unknown(request: HttpRequest) -> Q:
    """Attempts with an unknown name concern the whole installation: only the consortium's auditors see them."""
    whole = any(r.consortium and perm.LOG_VIEW in r.permissions for r in reaches(request.user))
    return Q(user=None) if whole else Q(pk__in=[])


def _log(request: HttpRequest, title: str, table: Any, rows: Any) -> HttpResponse:
    require(request.user, perm.LOG_VIEW)
    page = paging.paginate(rows, table.ordering(), request.GET.get("cursor", ""), table.fields())
    shown = table(page.rows)
    tabs = [
        (_("Everything that happened"), _url("administration:event_list"), False),
        (_("Sign-ins"), _url("administration:sign_ins"), table is tables.SignInTable),
        (_("Refusals"), _url("administration:refusals"), table is tables.RefusalTable),
    ]
    facts = {"title": title, "table": shown, "heads": shown.heads(request.GET), "page": page, "tabs": tabs}
    return render(request, "administration/log.html", {**facts, "links": links(request.GET, page)})


@login_required
def why(request: HttpRequest) -> HttpResponse:
    """For one person and one record: may they, and which of their roles decides it?"""
    require(request.user, perm.GRANT_VIEW)
    form = forms.WhyForm(request.GET if "login" in request.GET else None, actor=request.user)
    answer = _answer(request.user, form) if form.is_bound and form.is_valid() else None
    facts = {"form": form, "answer": answer}
    return render(request, "administration/why.html", facts, status=422 if form.errors else 200)


def _person(asking: Any, login: str) -> Any:
    """Somebody the asking person may see, by e-mail, name, or hospital code and staff number."""
    code, _slash, number = login.strip().partition("/")
    named = (
        Q(user__email=login.strip().lower())
        | Q(name=login.strip())
        | Q(hospital__code=code.upper(), staff_number=number)
    )
    seen = Membership.objects.for_user(asking, perm.PERSON_VIEW).filter(named)
    return next((member.user for member in seen.select_related("user")[:1]), None)


def _answer(asking: Any, form: forms.WhyForm) -> dict[str, Any] | None:
    login, permission, number = (form.cleaned_data[name] for name in ("login", "permission", "number"))
    user = _person(asking, login)
    if user is None:
        form.add_error("login", _("Nobody you may see has this e-mail, name or staff number."))
        return None
    record = finders.find(asking, number)
    if record is None:
        form.add_error("number", _("You see no record with this number or code."))
        return None
    reasons = queries.explain(user, permission, record)
    here, ours = hospitals_with(asking, perm.GRANT_VIEW), consortia_of(asking)
    known = [r for r in reasons if r.grant.hospital_id in here or r.grant.consortium_id in ours]
    lines = [f"{r.grant.role} · {r.where}: {r.why}" for r in known]
    return {"person": user, "record": record, "may": any(r.reaches for r in reasons), "reasons": lines}


@login_required
def hospitals(request: HttpRequest) -> HttpResponse:
    """The hospitals one administers."""
    require(request.user, perm.HOSPITAL_CHANGE)
    found = Hospital.objects.filter(pk__in=hospitals_with(request.user, perm.HOSPITAL_CHANGE)).order_by("code")
    page = paging.paginate(found, tables.HospitalTable.ordering(), "", tables.HospitalTable.fields(), 500)
    table = tables.HospitalTable(page.rows)
    whole = any(r.consortium and perm.HOSPITAL_CHANGE in r.permissions for r in reaches(request.user))
    facts = {"table": table, "heads": table.heads(request.GET), "may_add": whole}
    return render(request, "administration/hospitals.html", facts)


@login_required
def hospital(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Open a hospital, or change its data and modules."""
    found = get_object_or_404(hospitals_to_change(request.user), pk=pk) if pk else None
    if not found and not any(r.consortium and perm.HOSPITAL_CHANGE in r.permissions for r in reaches(request.user)):
        raise PermissionDenied(perm.HOSPITAL_CHANGE)
    form = forms.HospitalForm(request.POST or None, actor=request.user, obj=found)
    if request.method == "POST" and form.is_valid():
        try:
            if found:
                domain.edit_hospital(request.user, found, **form.cleaned_data)
            else:
                found = domain.open_hospital(request.user, **form.cleaned_data)
            messages.success(request, _("Saved."))
            return redirect(next_url(request, _url("administration:hospitals")))
        except ValidationError as error:
            form.refuse(error)
    status = 422 if request.method == "POST" else 200
    return render(request, "administration/hospital.html", {"form": form, "object": found}, status=status)

"""Deadlines and escalation: every chain that a room declares, as a hospital goes by it, to be set and set back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_safe

from flow import chains
from flow.chains import Chain, cell
from flow.domain import set_chain
from flow.models import ChainSetting
from flow.permissions import CHAIN_CHANGE
from flow.queries import history_of
from tenancy import access
from tenancy.models import Hospital
from ui.forms import Form
from ui.pages import Once, go, whole

LAST = 10  # changes shown below a chain


class ChainForm(Form):
    """The days of a chain, a field per level and grade. `obj` is the hospital's setting, kept or not."""

    version = 0  # of the setting that was open when the person began to type
    stale = False  # somebody else was quicker: what stands there now is shown beside what was typed

    def __init__(self, *args: Any, chain: Chain, obj: ChainSetting, **kwargs: Any):
        self.chain = chain
        self.shipped = chain.shipped
        self.now = {**self.shipped, **obj.days}
        super().__init__(*args, obj=obj, **kwargs)
        self.version = whole(self.data.get("version")) or 0 if self.is_bound else obj.version

    def prepare(self) -> None:
        for name in self.shipped:
            box = forms.NumberInput(attrs={"inputmode": "numeric", "class": "form-control number"})
            field = forms.IntegerField(
                label=self.chain.words(name), min_value=self.chain.least, max_value=self.chain.most, widget=box
            )
            self.fields[name] = field

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return dict(self.now)

    def overtaken(self, row: ChainSetting) -> None:
        """The next attempt starts from what the other person has set."""
        self.version, self.stale = row.version, True
        self.now = {**self.shipped, **row.days}

    @property
    def rows(self) -> list[tuple[Any, list[tuple[Any, Any, int, int | None]]]]:
        """Level, and by grade: its name, the field, the shipped days, what somebody else has set meanwhile."""

        def drawn(label: Any, name: str) -> tuple[Any, Any, int, int | None]:
            bound = self[name]
            is_theirs = self.stale and str(bound.value()) != str(self.now[name])
            return label, bound, self.shipped[name], self.now[name] if is_theirs else None

        return [(level, [drawn(*one) for one in cells]) for level, cells in lines(self.chain)]


def lines(chain: Chain) -> list[tuple[Any, list[tuple[Any, str]]]]:
    """A chain as it is drawn: a line per level, with the words and the name of each of its cells."""
    days = pgettext("a number of days", "Days")
    columns = [(key, chain.columns[key].label if chain.columns else days) for key in chain.defaults]
    levels = [level for level, _days in next(iter(chain.defaults.values()))]
    return [(chain.levels[level], [(label, cell(key, level)) for key, label in columns]) for level in levels]


def _hospital(request: HttpRequest, pk: int) -> Hospital:
    """404 for a hospital one does not know, 403 where one does not set its deadlines."""
    found: Hospital = get_object_or_404(Hospital, pk=pk)
    if pk not in {one["id"] for one in access.hospitals(request.user)}:
        raise Http404
    if not access.can(request.user, CHAIN_CHANGE, found):
        raise PermissionDenied(CHAIN_CHANGE)
    return found


def _setting(hospital: Hospital, chain: Chain) -> ChainSetting:
    row = ChainSetting.objects.filter(hospital=hospital, key=chain.key).first()
    return row or ChainSetting(hospital=hospital, key=chain.key)


@require_safe
@login_required
def entry(request: HttpRequest) -> HttpResponse:
    """To the hospital of the switch, else the first one whose deadlines the person sets."""
    chosen = getattr(request, "hospital", None)
    mine = Hospital.objects.filter(pk__in=access.hospitals_with(request.user, CHAIN_CHANGE)).order_by("code")
    found = (mine.filter(pk=chosen["id"]) if chosen else mine).first()
    if found is None:
        raise PermissionDenied(CHAIN_CHANGE)
    return redirect("administration:chains_of", found.pk)


@require_safe
@login_required
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """Every chain as the hospital goes by it."""
    hospital = _hospital(request, pk)
    kept = {row.key: row.days for row in ChainSetting.objects.filter(hospital=hospital)}
    drawn = []
    for chain in chains.known().values():
        shipped = chain.shipped
        now = {**shipped, **kept.get(chain.key, {})}
        table = [(row, [(label, now[name], shipped[name]) for label, name in cells]) for row, cells in lines(chain)]
        drawn.append((chain, table))
    return render(request, "administration/chains.html", {"hospital": hospital, "chains": drawn})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def chain(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Set one of them, or set it back as it came; below, who has changed what."""
    hospital, found = _hospital(request, pk), chains.known().get(key)
    if found is None:
        raise Http404
    row = _setting(hospital, found)
    form = ChainForm(request.POST or None, actor=request.user, chain=found, obj=row)
    if request.method == "POST" and _saved(request, hospital, form):
        return go(request, reverse("administration:chains_of", args=[pk]))
    past = history_of(row).order_by("-id")[:LAST] if row.pk else []
    facts = {
        "hospital": hospital, "chain": found, "form": form, "own": bool(row.days),
        "past": [(event, _told(found, event.data.get("changes") or {})) for event in past],
    }  # fmt: skip
    return render(request, "administration/chain.html", facts, status=422 if request.method == "POST" else 200)


def _saved(request: HttpRequest, hospital: Hospital, form: ChainForm) -> bool:
    back = "reset" in request.POST
    if not back and not form.is_valid():
        return False
    once = Once(request)
    if once.earlier("") is not None:
        return True
    try:
        set_chain(request.user, hospital, form.chain, {} if back else form.cleaned_data, version=form.version)
    except ValidationError as error:
        once.failed()
        form.full_clean()
        form.refuse(error)
        if getattr(error, "code", "") == "stale":
            form.overtaken(_setting(hospital, form.chain))
        return False
    once.done("/")
    messages.success(request, _("Set back as it came.") if back else _("Saved."))
    return True


def _told(chain: Chain, changes: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """What was changed, by its words; cells that the chain no longer has are left out."""
    return [(chain.words(name), *changes[name]) for name in chain.shipped if name in changes]

"""The library: whoever sees figures looks up what an indicator means and who answers for it; the office arranges its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views import View

from flow.states import GREY, State
from indicators import queries
from indicators.explaining import Page, consortium_of, valued
from indicators.library import CHAPTERS, FIRST_YEAR, KINDS, MARKS, MORE, OWN, WRITTEN, Chapter, Definition, definitions
from indicators.models import Quantity, Return
from indicators.permissions import RETURN_VIEW
from indicators.states import DIRECTIONS, PERIODS, SIDES
from kpi.breakdown import Breakdown
from kpi.periods import MONTHS, Period, parse
from kpi.permissions import FIGURE_VIEW, TARGET_CHANGE
from kpi.queries import stand_of, visible
from kpi.registry import WATCH
from tenancy.access import can
from ui.kept import kept
from ui.pages import SignedIn

FIRST = "first"  # the indicators of the first year
NOTHING = State("nothing", pgettext_lazy("of an indicator", "Nothing reported yet"), GREY, "minus")


@dataclass(frozen=True)
class Row:
    """An indicator on one line: where its figures come from, and what it should reach until another target is decided."""

    one: Definition
    state: State

    @property
    def target(self) -> str:
        if self.one.target is None or self.one.good == WATCH:
            return str(self.one.aim)
        return valued(self.one, self.one.target)

    @property
    def mark(self) -> Any:
        return MARKS.get(self.one.mark, "") if self.one.target is not None else ""


class Reading(SignedIn, View):
    """Who may see figures or returns reads the library of their consortium."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        user = request.user
        if user.is_authenticated and not (can(user, FIGURE_VIEW) or can(user, RETURN_VIEW)):
            raise PermissionDenied(FIGURE_VIEW)
        return super().dispatch(request, *args, **kwargs)

    @property
    def chosen(self) -> Any:
        return getattr(self.request, "hospital", None)

    @property
    def consortium(self) -> int:
        found = consortium_of(self.request.user, self.chosen)
        if found is None:
            raise Http404
        return found

    @property
    def may_arrange(self) -> bool:
        return queries.consortium_of(self.request.user) is not None


class Library(Reading):
    """Every indicator by chapter, narrowed by words, chapter, side of the scorecard, and where its figures come from."""

    def get(self, request: HttpRequest) -> HttpResponse:
        asked = {name: request.GET.get(name, "").strip()[:80] for name in ("q", "chapter", "side", "kind", "set")}
        found = list(definitions(self.consortium).values())
        used = {key for one in found for key in one.quantities}
        reported = Quantity.objects.filter(consortium=self.consortium, key__in=used)
        known = set(reported.filter(pk__in=Return.objects.values("quantity")).values_list("key", flat=True))
        silent = {one.key for one in found if one.quantities and not known.issuperset(one.quantities)}
        shown = [one for one in found if fits(one, asked, silent)]
        facts = {
            "rows": self.rows(shown, silent), "count": len(shown), "of": len(found), "asked": asked, "sides": SIDES,
            "first": FIRST, "first_count": len(FIRST_YEAR),
            "all_chapters": [*CHAPTERS, MORE, WRITTEN], "kinds": [*KINDS.values(), NOTHING], "may_arrange": self.may_arrange,
        }  # fmt: skip
        return TemplateResponse(request, "indicators/library.html", facts)

    @staticmethod
    def rows(shown: list[Definition], silent: set[str]) -> SafeString:
        """The chapters, drawn once for all who are shown the same indicators."""
        told = [
            (one.key, one.version, str(one.label), one.owner, one.supervisor, one.target, one.key in silent)
            for one in shown
        ]
        chapters = by_chapter(shown, silent)
        return kept(
            "library", told, lambda: render_to_string("indicators/partials/library.html", {"chapters": chapters})
        )


def fits(one: Definition, asked: dict[str, str], silent: set[str]) -> bool:
    """Is it among those asked for? Words are sought in the code, the name, the sums, the source and who answers for it."""
    said = (one.code, one.label, one.explain.numerator, one.explain.denominator, one.source, one.owner, one.supervisor)
    text = " ".join(str(part) for part in said).lower()
    kind = asked["kind"]
    return (
        all(word in text for word in asked["q"].lower().split())
        and asked["chapter"] in ("", one.chapter.key)
        and asked["side"] in ("", one.side)
        and (asked["set"] != FIRST or one.code in FIRST_YEAR)
        and (one.key in silent if kind == NOTHING.value else kind in ("", one.kind))
    )


def by_chapter(found: list[Definition], silent: set[str]) -> list[tuple[Chapter, list[Row]]]:
    chapters: dict[str, tuple[Chapter, list[Row]]] = {}
    for one in found:
        state = NOTHING if one.key in silent else KINDS[one.kind]
        chapters.setdefault(one.chapter.key, (one.chapter, []))[1].append(Row(one, state))
    return list(chapters.values())


class Entry(Reading):
    """One indicator with everything that is known of it. What it means everybody reads; its values, who may see them."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        one = definitions(self.consortium).get(key)
        if one is None:
            raise Http404
        page = Page(request.user, one, self.consortium, self.chosen, request.GET.get("period", ""))
        facts: dict[str, Any] = {
            "page": page,
            "one": page.one,
            "kind": KINDS[one.kind],
            "mark": MARKS.get(one.mark, ""),
        }
        if not one.quantities:
            facts |= self.counted(one, page)
        facts |= {
            "direction": DIRECTIONS[one.good], "side": SIDES[one.side], "rhythm": PERIODS[one.period],
            "own_key": one.key.removeprefix("own.") if one.kind == OWN else "",
            "may_arrange": self.may_arrange, "may_set": can(request.user, TARGET_CHANGE) and not one.is_now,
        }  # fmt: skip
        return TemplateResponse(request, "indicators/entry.html", facts)

    def counted(self, one: Definition, page: Page) -> dict[str, Any]:
        """What is counted from records has a value of every calendar period."""
        period = parse(self.request.GET.get("period", ""))
        page.over((period.first, period.last))
        words = {"month": _("Month"), "quarter": _("Quarter"), "year": _("Year")}
        periods = [(kind, words[kind], period.of_kind(kind).key, kind == period.kind) for kind in MONTHS]
        return {"period": period, "periods": periods, "board": self.board(one, period)}

    def board(self, one: Definition, period: Period) -> Breakdown | None:
        if one.kpi is None or not can(self.request.user, FIGURE_VIEW):
            return None
        stand = stand_of(self.request.user, self.chosen["id"] if self.chosen else None)
        if stand is None or one.kpi not in visible(self.request.user, stand):
            return None
        return Breakdown(self.request.user, stand, period, one.kpi)

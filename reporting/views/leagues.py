"""League tables: which there are, and one of them with every hospital."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views import View

from assessment.permissions import PUBLISHED_VIEW
from indicators.library import Definition
from kpi.measure import measured_versions
from kpi.queries import standpoints
from kpi.registry import DURATION
from reporting import leagues, sheets
from reporting.leagues import BASES, League
from reporting.overview import value_text
from reporting.permissions import LEAGUE_VIEW
from reporting.ranking import FEW, LACKING, NOTHING, Place
from tenancy.access import can, hospitals_with, permissions_of
from ui.charts import DOTS, Bounds, Chart, Series
from ui.excel import workbook
from ui.formats import number
from ui.kept import kept
from ui.listing import EXCEL
from ui.pages import SignedIn, whole

PER_PAGE = 50
NEAR = 10  # rows seen without scrolling


def why_words(why: str) -> str:
    """What keeps a hospital without a rank."""
    words = {
        FEW: _("too few records"),
        LACKING: _("has not reported all it is reckoned from"),
        NOTHING: _("nothing recorded"),
    }
    return words[why]


class LeaguePage(SignedIn, View):
    """For who may see league tables."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not can(request.user, LEAGUE_VIEW):
            raise PermissionDenied(LEAGUE_VIEW)
        return super().dispatch(request, *args, **kwargs)


class Leagues(LeaguePage):
    """Every indicator that can be compared, those with figures of the last whole month first, and how they stand."""

    def get(self, request: HttpRequest) -> HttpResponse:
        words, user = request.GET.get("q", "").strip().lower(), request.user
        known = leagues.known(user)
        found = [one for one in known.values() if words in f"{one.code} {one.label}".lower()]
        told, seen = [(one.key, str(one.label), one.code) for one in found], standpoints(user)
        facts = (told, bool(words), seen, sorted(permissions_of(user)), measured_versions(list(seen)))
        drawn = kept("leagues", facts, lambda: self.chapters(found, leagues.stood(user, list(known)), bool(words)))
        return TemplateResponse(request, "reporting/leagues.html", {"drawn": drawn, "q": request.GET.get("q", "")})

    @staticmethod
    def chapters(found: list[Definition], stood: dict[str, dict[str, Any]], sought: bool) -> str:
        chapters: dict[Any, list[Any]] = {}
        for one in found:
            if one.key in stood:
                chapters.setdefault(one.chapter.label, []).append((one, stood[one.key]))
        empty = [one for one in found if one.key not in stood]
        facts = {"chapters": list(chapters.items()), "empty": empty, "sought": sought}
        return str(render_to_string("reporting/partials/leagues.html", facts))


class OneLeague(LeaguePage):
    """One indicator: rank, quartile, band, distribution; searched, sorted, to Excel."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        definition = leagues.known(request.user).get(key)
        if definition is None:
            raise Http404
        league = League(request.user, definition, request.GET)
        text, sort = request.GET.get("q", ""), request.GET.get("sort", "")
        if request.GET.get("export") == "xlsx":
            shown = leagues.in_order(leagues.searched(league.places, text), sort)
            book = workbook(*sheets.league(league, shown))
            return HttpResponse(book, EXCEL, headers={"Content-Disposition": 'attachment; filename="league.xlsx"'})
        drawn = self.drawn(league, text, sort)
        facts = {"league": league, "definition": definition, "query": self.query(request), "drawn": drawn}
        return TemplateResponse(request, "reporting/league.html", facts)

    def drawn(self, league: League, text: str, sort: str) -> SafeString:
        """The league as HTML. Whoever asks the same of the same hospitals, and reads the same published figures, sees the same
        for half a minute."""
        asked, own = self.query(self.request), self.own(self.request)
        reads = sorted(hospitals_with(self.request.user, PUBLISHED_VIEW))
        which, page = (league.definition.key, league.definition.version), self.request.GET.get("page")
        return kept(
            "league", (sorted(league.pks), reads, *which, asked, page, own),
            lambda: render_to_string("reporting/partials/league.html", self.facts(league, text, sort, own)),
        )  # fmt: skip

    def facts(self, league: League, text: str, sort: str, own: int | None) -> dict[str, Any]:
        shown = leagues.in_order(leagues.searched(league.places, text), sort)
        page = Paginator(shown, PER_PAGE).get_page(self.request.GET.get("page"))
        return {
            "league": league, "definition": league.definition, "page": page, "rows": [Row(league, place, own) for place in page],
            "own": [Row(league, place, own) for place in self.elsewhere(league, page, own)], "q": text, "sort": sort,
            "chart": _dots(league, own), "bases": BASES.values(), "query": self.query(self.request), "out": self.out(league),
        }  # fmt: skip

    @staticmethod
    def elsewhere(league: League, page: Any, own: int | None) -> list[Place]:
        """The own hospital's place, where it stands so far down, or on another page, that one would have to look for it."""
        near = {place.hospital.pk for place in list(page)[:NEAR]}
        return [place for place in league.places if place.hospital.pk == own and own not in near]

    @staticmethod
    def own(request: HttpRequest) -> int | None:
        """The hospital that is marked: the one asked for, else the one of the switch."""
        chosen = getattr(request, "hospital", None)
        return whole(request.GET.get("mark")) or (chosen["id"] if chosen else None)

    @staticmethod
    def query(request: HttpRequest) -> str:
        """What the address asks for, but for the page."""
        asked = request.GET.copy()
        for name in ("page", "export"):
            asked.pop(name, None)
        return asked.urlencode()

    @staticmethod
    def out(league: League) -> list[tuple[Any, int]]:
        return [(why_words(why), count) for why, count in league.out.items()]


class Row:
    """A hospital as the table shows it."""

    def __init__(self, league: League, place: Place, own: int | None) -> None:
        self.place, self.league = place, league
        self.is_own = place.hospital.pk == own

    @property
    def value(self) -> str:
        return (
            value_text(self.league.formula, self.place.value) if self.league.basis is None else _plain(self.place.value)
        )

    @property
    def band(self) -> str:
        if self.place.low is None or self.place.high is None:
            return ""
        return f"{self.place.low:.1f} – {self.place.high:.1f}"

    @property
    def why(self) -> Any:
        return why_words(self.place.why) if self.place.why else ""


def _plain(value: Any) -> str:
    return number(value, 2)


def _dots(league: League, own: int | None) -> Chart:
    """Every hospital with a rank from the best to the last, the own one marked, with target and the peers' middle."""
    places = [place for place in league.places if place.rank is not None]
    scale = 3600 if league.definition.kpi and league.definition.kpi.unit == DURATION else 1
    marks = {n: place.hospital.short_name for n, place in enumerate(places) if place.hospital.pk == own}

    def drawn(values: Any) -> list[Any]:
        return [None if value is None else round(value / scale, 4) for value in values]

    middle, target = drawn([league.middle, league.target])
    bounds = Bounds(
        drawn(p.low for p in places), drawn(p.high for p in places), middle, marks, middle_name=_("middle of the peers")
    )
    note = _("The band behind a dot is what chance alone explains at 95 %.") if league.is_share else ""
    return Chart(
        "league", _("How far apart are the hospitals?"), DOTS, [place.hospital.short_name for place in places],
        [Series(league.definition.label, drawn(place.value for place in places))], bounds=bounds, note=note,
        unit=_("hours") if scale > 1 else str(league.definition.unit), target=target, target_name=_("target"),
    )  # fmt: skip

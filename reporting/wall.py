"""What a wall screen shows: few large figures, page by page. No person stands on it.

It reads what is stored and what today brings, as the platform itself: `reporting.screens` has said whose hospitals.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from kpi.dashboard import Board
from kpi.figures import Card
from kpi.periods import containing
from kpi.permissions import FIGURE_VIEW
from kpi.registry import COUNT, MONEY, Figure, Kpi, Standpoint
from kpi.steadiness import WORSE
from reporting.models import Screen, Standing
from tenancy.actors import System
from tenancy.models import Hospital

READER = System("reporting.wall", frozenset({FIGURE_VIEW}))
PANELS, ROWS, TRENDS = 6, 6, 2  # of a page: figures, lines, courses
TODAY = ("workorders.received", "workorders.done")


@dataclass(frozen=True)
class Panel:
    """One large figure."""

    name: Any
    value: str
    unit: str = ""
    target: str = ""
    tone: str = ""
    course: Any = ()
    running: bool = False


@dataclass(frozen=True)
class Line:
    """One hospital or department with one or two figures."""

    name: str
    panels: list[Panel]


@dataclass(frozen=True)
class Page:
    """What is shown at once: panels, large courses, or lines."""

    title: Any
    panels: list[Panel] = field(default_factory=list)
    trends: list[Panel] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Wall:
    """Everything a screen shows, and since when past days wait to be counted."""

    pages: list[Page]
    at: datetime
    behind: datetime | None


def built(screen: Screen, hospitals: list[int]) -> Wall:
    """The pages of a screen as they are now; runs in the scope of its hospitals."""
    board = Board(READER, Standpoint(tuple(hospitals)), containing("month", timezone.localdate()))
    pages = [_now(board), _month(board), _courses(board)]
    pages.append(_departments(board) if screen.hospital_id is not None else _hospitals(board, hospitals))
    shown = [page for page in pages if page.panels or page.trends or page.lines]
    return Wall(shown, timezone.now(), board.behind)


def _panel(card: Card, course: bool = True) -> Panel:
    history = card.history if course else ()
    tone = "" if card.is_small else card.tone  # too few records to judge by
    return Panel(card.kpi.label, card.value, card.unit, card.target_text, tone, history, card.running)


def _now(board: Board) -> Page:
    """How things stand at this moment, and what today has brought."""
    today = board.reader.today
    standing = [_panel(board.card(kpi)) for kpi in board.kpis if kpi.snapshot]
    live = board.reader.standing([key for key in TODAY if key in board.keys])
    brought = []
    for kpi in board.kpis:
        if kpi.key in TODAY:
            pair = live.get((kpi.key,), (Decimal(0), None))
            card = Card(Figure(kpi, board.stand, today, today, *pair))
            brought.append(Panel(_("%(figure)s today") % {"figure": kpi.label}, card.value, card.unit))
    return Page(pgettext("of a wall", "Now"), [*brought, *standing][:PANELS])


def _month(board: Board) -> Page:
    """The month so far against its targets; figures with a target first."""
    cards = [card for card in (*board.cards, *board.others) if not card.kpi.snapshot and card.kpi.unit != MONEY]
    ordered = sorted(cards, key=lambda card: (card.is_small, not card.target_text, not card.kpi.front))
    known = [card for card in ordered if card.figure.value is not None]
    return Page(_("This month"), [_panel(card, course=False) for card in known[:PANELS]])


def _courses(board: Board) -> Page:
    """Two courses of thirteen months: the first with a target, and how much there was to do."""
    front = [kpi for kpi in board.kpis if kpi.front and not kpi.snapshot and kpi.unit != MONEY]
    aimed = [kpi for kpi in front if _aimed(board, kpi)]
    counted = [kpi for kpi in front if kpi.unit == COUNT]
    chosen = {kpi.key: kpi for kpi in [*aimed[:1], *counted[:1], *front]}
    panels = [_panel(board.card(kpi)) for kpi in list(chosen.values())[:TRENDS]]
    return Page(_("Thirteen months"), trends=[replace(panel, course=_lifted(panel.course)) for panel in panels])


def _lifted(course: Any) -> list[Decimal | None]:
    """The same course from a little below its lowest month, so that its ups and downs are seen from afar."""
    known = [value for value in course if value is not None]
    low = min(known, default=Decimal(0)) - (max(known, default=Decimal(0)) - min(known, default=Decimal(0))) / 4
    return [None if value is None else value - low for value in course]


def _aimed(board: Board, kpi: Kpi) -> bool:
    return kpi.target is not None or kpi.key in board.targets


def _departments(board: Board) -> Page:
    """The departments with what they handled and how much of it in time."""
    kpis = [kpi for kpi in board.kpis if kpi.key in ("workorders.done", "workorders.on_time")]
    found: dict[str, list[Panel]] = {}
    for kpi in kpis:
        for name, _refs, pair in board.broken_down(kpi, "department"):
            card = Card(board.figure(kpi, pair), goal=board.targets.get(kpi.key))
            found.setdefault(name, []).append(_panel(card))
    return Page(_("Departments this month"), lines=[Line(name, panels) for name, panels in found.items()][:ROWS])


def _hospitals(board: Board, hospitals: list[int]) -> Page:
    """The hospitals that most speaks for calling: off target, and growing worse, in the last whole month."""
    rows = Standing.objects.filter(hospital__in=hospitals).values("hospital").annotate(
        red=Count("pk", filter=Q(tone="red")), worse=Count("pk", filter=Q(tendency=WORSE)), at=Max("reckoned_at")
    )  # fmt: skip
    worst = sorted((row for row in rows if row["red"] or row["worse"]), key=lambda row: (-row["red"], -row["worse"]))
    names = dict(Hospital.objects.filter(pk__in=hospitals).values_list("pk", "short_name"))
    lines = [
        Line(
            names[row["hospital"]],
            [
                Panel(_("off target"), str(row["red"]), tone="red" if row["red"] else ""),
                Panel(_("growing worse"), str(row["worse"]), tone="amber" if row["worse"] else ""),
            ],
        )
        for row in worst[:ROWS]
    ]
    return Page(_("Hospitals that need a call"), lines=lines)

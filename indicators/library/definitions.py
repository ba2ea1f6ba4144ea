"""Every indicator in use as one kind of thing: from records, from returns, or written by an administrator."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import lazy
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from flow.states import BLUE, GREEN, GREY, State, table
from indicators.library import catering, cleaning, maintenance, procurement, security, shared, standards
from indicators.library.declaring import ON_BREACH, Amount, Chapter, Entry
from indicators.models import Indicator
from kpi import registry
from kpi.aims import ENDS, HOUR, Aim
from kpi.figures import SMALL
from kpi.periods import MONTH
from kpi.registry import COUNT, DENOMINATOR, DURATION, MONEY, NUMERATOR, PERCENT, STARS, Explain, Kpi, Words

COMPUTED, COLLECTED, OWN = "computed", "collected", "own"
KINDS = table(
    State(COMPUTED, pgettext_lazy("of an indicator", "Counted from records"), GREEN, "database"),
    State(COLLECTED, pgettext_lazy("of an indicator", "Reported by the hospitals"), BLUE, "clipboard-list"),
    State(OWN, pgettext_lazy("of an indicator", "Written by the office"), GREY, "edit"),
)
QUANTITY = "quantity:"
UNITS: dict[str, Words] = {PERCENT: "%", STARS: _("of 5"), MONEY: _("yuan"), DURATION: _("s"), COUNT: ""}
CHAPTERS: tuple[Chapter, ...] = (
    standards.CHAPTER, maintenance.CHAPTER, cleaning.CHAPTER, procurement.CHAPTER, catering.CHAPTER, security.CHAPTER,
    shared.CHAPTER,
)  # fmt: skip
# What a consortium begins with in the committee's first year, before all the others can be collected.
FIRST_YEAR = frozenset(
    ("M1", "M2", "M3", "M4", "M8", "H1", "H2", "H6", "W2", "W4", "T1", "B2", "B4", "B9", "B10", "K1", "C1", "C4", "C9", "SC1",
     "SC3", "SC5", "E1", "U1", "L1")
)  # fmt: skip
MORE = Chapter("more", _("More figures of the dashboards"), _("logistics manager"), _("office of the consortium"))
WRITTEN = Chapter("own", _("The consortium's own"), _("office of the consortium"), _("assessment committee"))
# Who answers for what the rooms count beyond the library.
ANSWERING: dict[str, Words] = {
    "workorders": _("head of the service desk"), "hazards": _("head of security"), "security": _("head of security"),
    "inspections": _("head of maintenance"), "maintenance": _("head of maintenance"), "assets": _("head of equipment"),
    "cleaning": _("head of cleaning"), "catering": _("head of catering"), "people": _("training officer"),
    "procurement": _("head of procurement"),
}  # fmt: skip


@dataclass(frozen=True)
class Definition:
    """What an indicator is, wherever its figures come from: a ratio of two sums times a factor, or one sum."""

    key: str
    code: str
    label: Words
    unit: Words
    good: str
    side: str
    period: str
    factor: Decimal
    numerator: tuple[str, ...]  # measures: "workorders.on_time/numerator" or "quantity:bed_days"
    denominator: tuple[str, ...]
    explain: Explain
    source: Words
    owner: Words
    supervisor: Words
    on_breach: Words
    kind: str
    kpi: Kpi | None
    version: str
    chapter: Chapter
    minimum: int = SMALL
    target: Decimal | None = None  # until the committee has decided another
    mark: str = ""
    aim: Words = ""
    note: Words = ""

    @property
    def measures(self) -> tuple[str, ...]:
        return (*self.numerator, *self.denominator)

    @property
    def quantities(self) -> tuple[str, ...]:
        """The keys of what hospitals have to report for it."""
        return tuple(m.removeprefix(QUANTITY) for m in self.measures if m.startswith(QUANTITY))

    @property
    def kpis(self) -> tuple[str, ...]:
        """The keys of the figures it is reckoned from."""
        return tuple(dict.fromkeys(split(m)[0] for m in self.measures if not m.startswith(QUANTITY)))

    @property
    def is_now(self) -> bool:
        """It says how things stand at this moment: nothing of it is stored by month."""
        return self.kpi is not None and self.kpi.snapshot


def split(measure: str) -> tuple[str, str]:
    """The figure and the part of it that a measure names."""
    key, _slash, part = measure.rpartition("/")
    return key, part


def definitions(consortium_id: int) -> dict[str, Definition]:
    """Every indicator in use by its key, in the order of the pages: the library, more figures, the consortium's own."""
    own = Indicator.objects.filter(consortium=consortium_id, active=True).order_by("side", "name")
    return shipped() | {f"own.{one.key}": written(one) for one in own}


def shipped() -> dict[str, Definition]:
    """The library and the figures of the dashboards, the same for everybody."""
    return _declared(tuple(kpi.key for kpi in registry.kpis()))


def amounts() -> dict[str, Amount]:
    """Every quantity the library may ask hospitals for, by its key."""
    entries = [one for chapter in CHAPTERS for one in chapter.entries]
    return {a.key: a for one in entries for a in (*one.numerator, *one.denominator, *one.beside)}


@lru_cache(maxsize=1)
def _as_stored() -> dict[str, set[str]]:
    """Key → names and units of the library as they may have been stored, in whichever language the office works."""
    found: dict[str, set[str]] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for key, amount in amounts().items():
                found.setdefault(key, set()).update((str(amount.name)[:120], str(amount.unit)[:20]))
    return found


def quantity_words(key: str, name: str, unit: str) -> tuple[str, str]:
    """Name and unit of a quantity in the reader's language, as long as the office calls it what the library does."""
    amount, stored = amounts().get(key), _as_stored().get(key, set())
    if amount is None:
        return name, unit
    return str(amount.name) if name in stored else name, str(amount.unit) if unit in stored else unit


@lru_cache(maxsize=4)
def _declared(keys: tuple[str, ...]) -> dict[str, Definition]:
    known = {key: registry.get(key) for key in keys}
    found = {
        one.key: counted(known[one.key], chapter, one) if one.key in known else collected(one, chapter)
        for chapter in CHAPTERS
        for one in chapter.entries
    }
    return found | {key: counted(kpi, MORE) for key, kpi in known.items() if key not in found}


def counted(kpi: Kpi, chapter: Chapter, entry: Entry | None = None) -> Definition:
    """An indicator whose records exist: as the figure counts it, with what the library says beside it."""
    below = (f"{kpi.key}/{DENOMINATOR}",) if kpi.is_ratio else ()
    factor = Decimal(100 if kpi.unit == PERCENT else 1)
    facts = (kpi.key, kpi.unit, str(factor), fingerprint(kpi.key))
    room = kpi.key.split(".")[0]
    return Definition(
        kpi.key, entry.code if entry else "", kpi.label, UNITS[kpi.unit], kpi.good, entry.side if entry else "P",
        entry.period if entry else MONTH, factor, (f"{kpi.key}/{NUMERATOR}",), below, kpi.explain,
        kpi.explain.source or (entry.source if entry else ""),
        entry.owner if entry else ANSWERING.get(room, chapter.owner), entry.supervisor if entry else chapter.supervisor,
        entry.on_breach if entry else ON_BREACH, COMPUTED, kpi, _version(facts), chapter,
        entry.minimum if entry else SMALL, kpi.target if kpi.target is not None or not entry else entry.target,
        entry.mark if entry else "", entry.aim if entry else "", entry.note if entry else "",
    )  # fmt: skip


def collected(entry: Entry, chapter: Chapter) -> Definition:
    """An indicator without records on the platform: the hospitals report its sums."""
    above, below = (tuple(f"{QUANTITY}{a.key}" for a in part) for part in (entry.numerator, entry.denominator))
    facts = (entry.key, above, below, str(entry.factor))
    explain = Explain(
        entry.note or entry.label, _joined(entry.numerator), _joined(entry.denominator) if below else "",
        entry.exclusions, source=entry.source,
    )  # fmt: skip
    return Definition(
        entry.key, entry.code, entry.label, entry.unit, entry.good, entry.side, entry.period, entry.factor, above, below,
        explain, entry.source, entry.owner, entry.supervisor, entry.on_breach, COLLECTED, None, _version(facts), chapter,
        entry.minimum, entry.target, entry.mark, entry.aim, entry.note,
    )  # fmt: skip


def written(row: Indicator) -> Definition:
    """An indicator that an administrator wrote: sums of quantities and of the platform's own figures, mixed."""
    above, below = (tuple(measure_of(m) for m in part) for part in (row.numerator, row.denominator))
    counted_by = [fingerprint(split(m)[0]) for m in (*above, *below) if not m.startswith(QUANTITY)]
    factor = row.factor.normalize()
    facts = (row.key, above, below, f"{factor:f}", counted_by)
    explain = Explain(
        row.meaning or row.name, " + ".join(row.numerator), " + ".join(row.denominator), source=row.source
    )
    return Definition(
        f"own.{row.key}", "", row.name, row.unit, row.good, row.side, row.period, row.factor, above, below, explain, row.source,
        row.owner or WRITTEN.owner, row.supervisor or WRITTEN.supervisor, row.on_breach or ON_BREACH, OWN, None,
        _version(facts), WRITTEN,
    )  # fmt: skip


def measure_of(stored: str) -> str:
    """A part of a formula as it is stored: a part of a figure, or the key of a quantity."""
    return stored if "/" in stored else f"{QUANTITY}{stored}"


def _version(facts: Any) -> str:
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:12]


@lru_cache(maxsize=500)
def fingerprint(key: str) -> str:
    """How a figure counts, as a hash: the statement and what it compares with, but for the days it is asked for."""
    kpi = next((kpi for kpi in registry.kpis() if kpi.key == key), None)
    if kpi is None:
        return ""
    start, end = make_aware(datetime(2020, 1, 1)), make_aware(datetime(2020, 2, 1))
    sql, params = kpi.rows(start, end, ()).order_by().query.sql_with_params()
    fixed = sorted(repr(value) for value in _flat(params) if not isinstance(value, date))
    return hashlib.sha256(repr((sql, fixed)).encode()).hexdigest()


def _flat(params: Iterable[Any]) -> Iterable[Any]:
    """Single values; what is in a set has no order of its own."""
    for value in params:
        if isinstance(value, list | tuple | set | frozenset):
            yield from _flat(value)
        else:
            yield value


def _named(parts: tuple[Amount, ...]) -> str:
    return " + ".join(str(part.name) for part in parts)


_joined = lazy(_named, str)


def _end(one: Definition) -> int | None:
    """Where its scale ends, if it does."""
    return ENDS[PERCENT] if one.unit == "%" else ENDS.get(one.kpi.unit) if one.kpi is not None else None


def aims(consortium_id: int) -> Iterable[Aim]:
    """What may have a target: every indicator whose values are kept."""
    for one in definitions(consortium_id).values():
        if not one.is_now:
            seconds = one.kpi is not None and one.kpi.unit == DURATION
            words = f"{one.code} {one.label}" if one.code else one.label
            yield Aim(
                one.key, words, _("h") if seconds else one.unit, one.good, _end(one), HOUR if seconds else Decimal(1),
                one.chapter.label,
            )  # fmt: skip

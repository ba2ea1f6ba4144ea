"""Reading figures: from where a person looks, the stored months and days, and today as it stands this minute."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, partial
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core.cache import cache
from django.db import connection
from django.db.models import Max, Min, OuterRef, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from kpi import registry
from kpi.days import midnight, next_month
from kpi.measure import measured_versions
from kpi.models import DirtyDay, Measurement, MonthFigure, PeerMember, Target
from kpi.permissions import FIGURE_VIEW
from kpi.registry import Kpi, Standpoint
from kpi.today import counted
from tenancy import access
from tenancy.models import Hospital

NARROWED = ("team", "contractor", "unit", "place")  # a figure of one part is stored for these
LIVE = ("kpi", "hospital", "day", "department", "kind", "ref", "path", "numerator", "denominator")
KEPT = 300  # seconds that stored sums are remembered for
STANDS = 30  # seconds that today's rows stand without a mark: limits end while nothing happens
Pair = tuple[Decimal, Decimal | None]
View = tuple[tuple[str, ...], str, tuple[Any, ...]]  # departments, kind, refs: a standpoint without its hospitals


def standpoints(user: Any) -> dict[int, View]:
    """From where the person looks at each hospital's figures.

    Whoever may see the whole hospital sees it whole; else the departments of their grants; else the one part (team, firm,
    unit, places) a grant is narrowed to. Parts are never added to departments: an order would count twice.
    """
    found: dict[int, list[access.Reach]] = defaultdict(list)
    for reach in access.reaches(user):
        if FIGURE_VIEW in reach.permissions and not reach.own:
            for hospital in reach.hospitals:
                found[hospital].append(reach)
    views = {hospital: _view(held) for hospital, held in sorted(found.items())}
    return {hospital: view for hospital, view in views.items() if view is not None}


def _view(held: list[access.Reach]) -> View | None:
    departments = set()
    parts: dict[str, list[access.Reach]] = defaultdict(list)
    for reach in held:
        narrowed = [kind for kind in NARROWED if _ref(reach, kind)]
        if len(narrowed) == 1:
            parts[narrowed[0]].append(reach)
        elif not narrowed:
            departments.add(reach.department)
    if departments:
        return (() if "" in departments else tuple(sorted(departments)), "", ())
    for kind in NARROWED:
        if parts[kind]:
            first = parts[kind][0].department
            refs = {_ref(reach, kind) for reach in parts[kind] if reach.department == first}
            return ((first,) if first else (), kind, tuple(sorted(refs)))
    return None


def _ref(reach: access.Reach, kind: str) -> Any:
    return reach.path if kind == "place" else getattr(reach, kind)


def stand_of(user: Any, hospital: int | None = None) -> Standpoint | None:
    """One hospital as the person may see it; without one, all those they see in the same way (whole ones first)."""
    views = standpoints(user)
    if hospital is not None:
        return Standpoint((hospital,), *views[hospital]) if hospital in views else None
    groups: dict[View, list[int]] = defaultdict(list)
    for pk, view in views.items():
        groups[view].append(pk)
    if not groups:
        return None
    view = min(groups, key=lambda v: (v != ((), "", ()), bool(v[1]), -len(groups[v]), v))
    return Standpoint(tuple(groups[view]), *view)


def visible(user: Any, stand: Standpoint) -> list[Kpi]:
    """The figures this person may see at these hospitals; of one part only those that are counted by it."""
    return [
        kpi
        for kpi in registry.kpis()
        if (not stand.kind or stand.kind in kpi.dimensions)
        and (not kpi.needs or set(stand.hospitals) <= access.hospitals_with(user, kpi.needs))
    ]


class Reader:
    """Sums of figures for one page. Whole months come from the month table, other days from the days, today live.

    `parts`: by which dimensions the page breaks a figure down (its key → kinds), so that today is read once.
    """

    def __init__(
        self, user: Any, stand: Standpoint, kpis: Iterable[Kpi], parts: Mapping[str, Collection[str]] | None = None
    ) -> None:
        self.user, self.stand, self.kpis = user, stand, list(kpis)
        asked = {} if stand.kind else parts or {}
        self.parts = {key: tuple(kinds) for key, kinds in asked.items() if kinds}
        self.today = timezone.localdate()

    def sums(self, keys: Iterable[str], first: date, end: date, *by: str) -> dict[tuple[Any, ...], Pair]:
        """(key, then `by`: month, hospital, department) → numerator and denominator, from `first` until before `end`."""
        keys, found = list(keys), _Sums()
        whole = first  # until here whole months are read; of the running one what is stored is all there is
        if first.day == 1 and not self.stand.kind:
            whole = end if end > self.today else end.replace(day=1)
        if first < whole:
            found.add(self._kept("months", keys, first, whole, by, lambda: self._months(keys, first, whole, by)))
        if whole < end:
            asked = dict.fromkeys(keys, (self.stand.kind,))
            for since, until, is_kept in self._stretches(whole, end) if self.stand.kind else [(whole, end, True)]:
                if is_kept:
                    days = self._kept("days", keys, since, until, by, partial(self._days, keys, since, until, by))
                    found.add(days)
                else:
                    found.add(self._told(asked, since, until, by))
        if first <= self.today < end:
            found.add(self._today(keys, by, self.stand.kind))
        return found.pairs()

    def parts_of(self, first: date, end: date, *by: str) -> dict[Any, Pair]:
        """(key, kind, ref, then `by`: month) → numerator and denominator of `parts`. Nothing is kept finer than a part."""
        found, own = _Sums(), Q(pk__in=[])
        for key, kinds in self.parts.items():
            own |= Q(kpi=key, kind__in=kinds)
        for since, until, is_kept in self._stretches(first, end):
            if is_kept:
                rows = self._measurements(self.parts, since, until).filter(own)
                asked = (list(self.parts.items()), since, until, by)
                found.add(self._kept("parts", *asked, partial(self._grouped, rows, ("kind", "ref", *by), "day")))
            else:
                found.add(self._told(self.parts, since, until, ("kind", "ref", *by)))
        if first <= self.today < end:
            for key, kinds in self.parts.items():
                for kind in kinds:
                    found.add(self._today([key], ("kind", "ref", *by), kind))
        return found.pairs()

    def each(self, keys: Iterable[str], refs: Iterable[Any], first: date, end: date) -> list[tuple[Any, ...]]:
        """Key, ref, numerator, denominator of each of these parts of the standpoint's kind, as far as days are stored."""
        keys, refs = list(keys), list(refs)
        rows = self._measurements(keys, first, end).filter(kind=self.stand.kind, ref__in=refs)
        return self._kept("each", keys, refs, first, end, lambda: self._grouped(rows, ("ref",), "day"))

    def _kept(self, *asked: Any) -> list[tuple[Any, ...]]:
        """Stored sums, remembered until a day of these hospitals is measured again; `asked` ends with what reads them."""
        *what, read = asked
        facts = (self.stand, what, self.versions)
        key = f"sums:{hashlib.sha256(repr(facts).encode()).hexdigest()}"
        rows: list[tuple[Any, ...]] | None = cache.get(key)
        if rows is None:
            rows = list(read())
            cache.set(key, rows, KEPT)
        return rows

    @cached_property
    def versions(self) -> list[str]:
        return measured_versions(self.stand.hospitals)

    def standing(self, keys: list[str], *by: str) -> dict[tuple[Any, ...], Pair]:
        """(key, then `by`) → figures of this moment."""
        found = _Sums()
        found.add(self._today(keys, by, self.stand.kind))
        return found.pairs()

    def now(self, key: str) -> Pair:
        """A figure of this moment."""
        return self.standing([key]).get((key,), (Decimal(0), None))

    def _own(self) -> Q:
        q = Q(hospital__in=self.stand.hospitals)
        return q & Q(department__in=self.stand.departments) if self.stand.departments else q

    def _months(self, keys: list[str], first: date, end: date, by: Sequence[str]) -> Any:
        rows = MonthFigure.objects.for_user(self.user, FIGURE_VIEW).filter(self._own(), kpi__in=keys)
        return self._grouped(rows.filter(month__gte=first, month__lt=end), by, "month")

    def _days(self, keys: list[str], first: date, end: date, by: Sequence[str]) -> Any:
        rows = self._measurements(keys, first, end).filter(kind=self.stand.kind)
        if self.stand.kind == "place":
            within = Q(pk__in=[])
            for path in self.stand.refs:
                within |= Q(path__gte=path, path__lt=access.path_end(str(path)))
            rows = rows.filter(within)
        elif self.stand.kind:
            rows = rows.filter(ref__in=self.stand.refs)
        return self._grouped(rows, by, "day")

    def _measurements(self, keys: Iterable[str], first: date, end: date) -> Any:
        rows = Measurement.objects.for_user(self.user, FIGURE_VIEW).filter(self._own(), kpi__in=list(keys))
        return rows.filter(day__gte=first, day__lt=end)

    @staticmethod
    def _grouped(rows: Any, by: Sequence[str], column: str) -> Any:
        if "month" in by and column == "day":
            rows = rows.annotate(month=TruncMonth("day"))
        names = ["hospital_id" if name == "hospital" else name for name in by]
        return rows.order_by().values_list("kpi", *names).annotate(Sum("numerator"), Sum("denominator"))

    def _stretches(self, first: date, end: date) -> list[tuple[date, date, bool]]:
        """Whole months, of which the sums of parts are kept, and days before and after them, of which they are not."""
        begin = first if first.day == 1 else next_month(first)
        stop = end if end.day == 1 or end >= self.today else end.replace(day=1)
        if begin >= stop:
            return [(first, end, False)]
        found = [(first, begin, False), (begin, stop, True), (stop, end, False)]
        return [stretch for stretch in found if stretch[0] < stretch[1]]

    def _told(self, asked: Mapping[str, Collection[str]], first: date, end: date, by: Sequence[str]) -> Any:
        """Parts (kinds by figure) of days before today, counted from the records."""
        end = min(end, self.today)
        return self._kept("told", sorted(asked.items()), first, end, by, lambda: self._tell(asked, first, end, by))

    def _tell(self, asked: Mapping[str, Collection[str]], first: date, end: date, by: Sequence[str]) -> Any:
        kpis, found = [(registry.get(key), kinds) for key, kinds in asked.items()], _Sums()
        found.add(self._added(map(_named, _fetched(counted(self.stand, kpis, first, end))), asked, by))
        return [(*key, *pair) for key, pair in found.pairs().items()]

    def _today(self, keys: list[str], by: Sequence[str], kind: str) -> Any:
        return self._added(self.live, dict.fromkeys(keys, (kind,)), by)

    def _added(self, rows: Iterable[dict[str, Any]], asked: Mapping[str, Collection[str]], by: Sequence[str]) -> Any:
        for row in rows:
            if row["kind"] in asked.get(row["kpi"], ()) and self._covers(row):
                yield (row["kpi"], *(row[name] for name in by), row["numerator"], row["denominator"])

    def _covers(self, row: dict[str, Any]) -> bool:
        stand = self.stand
        if row["kind"] != stand.kind or not stand.kind:
            return True
        if stand.kind == "place":
            return any(row["path"].startswith(path) for path in stand.refs)
        return row["ref"] in stand.refs

    @cached_property
    def live(self) -> list[dict[str, Any]]:
        """Today's rows of all figures. What was counted for anybody's page from here holds until something is marked."""
        asked = [(kpi.key, sorted(self._kinds(kpi))) for kpi in self.kpis]
        facts = (self.stand, self.today, asked, self.mark)
        key = f"figures:{hashlib.sha256(repr(facts).encode()).hexdigest()}"
        if (rows := cache.get(key)) is None:
            cache.set(key, rows := self._counted(), STANDS)
        return [_named(row) for row in rows]

    @cached_property
    def mark(self) -> int | None:
        return newest_mark(self.stand)

    def _kinds(self, kpi: Kpi) -> set[str]:
        return {self.stand.kind, *self.parts.get(kpi.key, ())}

    def _counted(self) -> list[tuple[Any, ...]]:
        """Today's rows of all figures, counted this moment in one statement."""
        return _fetched(counted(self.stand, [(kpi, self._kinds(kpi)) for kpi in self.kpis]))


def _fetched(statement: tuple[str, list[Any]]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(*statement)
        return list(cursor.fetchall())


def _named(row: tuple[Any, ...]) -> dict[str, Any]:
    """A counted row by the names of its columns, with its month."""
    found = dict(zip(LIVE, row, strict=True))
    return found | {"month": found["day"].replace(day=1)}


class _Sums:
    """Rows of (key, …, numerator, denominator) added up."""

    def __init__(self) -> None:
        self.found: dict[tuple[Any, ...], Pair] = {}

    def add(self, rows: Any) -> None:
        for *key, numerator, denominator in rows:
            above, below = self.found.get(tuple(key), (Decimal(0), None))
            below = denominator if below is None else below + (denominator or 0)
            self.found[tuple(key)] = (above + numerator, below)

    def pairs(self) -> dict[tuple[Any, ...], Pair]:
        return self.found


def in_force(hospitals: Collection[int], on: date) -> list[Target]:
    """The targets that hold somewhere at these hospitals that day, the narrowest last; each with the `members` of its group.

    They are no secret.
    """
    ours = Hospital.objects.filter(pk__in=hospitals).values("consortium")
    like = PeerMember.objects.filter(group=OuterRef("group"), hospital__in=hospitals).values("hospital")
    mine = Q(hospital=None) | Q(hospital__in=hospitals)
    found = Target.objects.filter(mine, Q(valid_to=None) | Q(valid_to__gte=on), consortium__in=ours, valid_from__lte=on)
    return sorted(found.annotate(members=ArraySubquery(like)), key=lambda t: t.rank)


def goals(consortium_of: Mapping[int, int], on: date) -> dict[tuple[int, str], Target]:
    """(hospital, key) → the target in force there that day: its own before its group's before the consortium's."""
    found = {}
    for goal in in_force(list(consortium_of), on):
        for hospital, consortium in consortium_of.items():
            if goal.consortium_id == consortium and _holds(goal, hospital):
                found[hospital, goal.kpi] = goal
    return found


def _holds(goal: Any, hospital: int) -> bool:
    return goal.hospital_id == hospital or (goal.rank == 1 and hospital in goal.members) or goal.rank == 0


def held(found: Iterable[Target], hospitals: Collection[int]) -> dict[str, Target]:
    """Of the targets in force those that hold for these hospitals: a single hospital's own before its group's before the
    consortium's; of several a group's where all of them belong to it."""
    return {goal.kpi: goal for goal in found if all(_holds(goal, hospital) for hospital in hospitals)}


def targets(stand: Standpoint, on: date) -> dict[str, Target]:
    """The targets in force that day at a standpoint."""
    return held(in_force(stand.hospitals, on), stand.hospitals)


def waiting(stand: Standpoint) -> tuple[datetime | None, int | None]:
    """Past days that wait to be measured: since when, and the newest mark on one; nothing when all is measured."""
    marks = DirtyDay.objects.filter(hospital__in=stand.hospitals, moment__lt=midnight(timezone.localdate()))
    found = marks.aggregate(since=Min("marked_at"), newest=Max("pk"))
    return found["since"], found["newest"]


def newest_mark(stand: Standpoint) -> int | None:
    """Moves with every record added or changed at these hospitals: the database marks the days of each."""
    return DirtyDay.objects.filter(hospital__in=stand.hospitals).order_by("-pk").values_list("pk", flat=True).first()

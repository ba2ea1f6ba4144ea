"""What stands in a monthly report: figures with target and differences, what is more than chance, the place among the others.

Built once when the report is sent and kept in its row, in every language, so that it reads the same for ever; until then it
is built anew for whoever looks. Rows that need a permission of their own carry it: whoever lacks it gets the report without them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.functional import lazy

from assessment.models import Action
from assessment.permissions import ACTION_VIEW
from assessment.shown import label_of
from assessment.states import LIVE
from indicators import values
from indicators.library import Definition, definitions
from kpi import registry
from kpi.figures import signed, tone_of, written
from kpi.models import PeerMember, Target
from kpi.periods import earlier
from kpi.queries import targets
from kpi.registry import PERCENT, Standpoint
from kpi.steadiness import last_months, remarks
from reporting.models import Standing
from reporting.ranking import FEW, Place, ranked
from reporting.standing import course
from tenancy.access import permissions_of
from tenancy.models import Hospital
from ui import formats

Row = dict[str, Any]
YEAR = 12


def build(hospital: Hospital, month: date, league: dict[str, tuple[int, int]] | None = None) -> dict[str, Any]:
    """The content of a month as JSON. Runs in the hospital's scope; `league`: indicator → (rank, of)."""
    months = last_months(month)
    known = definitions(hospital.consortium_id)
    sums = values.sums(known.values(), [hospital.pk], months[0], earlier(month, -1), by=("month",))
    goals = targets(Standpoint((hospital.pk,)), earlier(month, -1) - timedelta(days=1))
    rows = [
        _row(one, months, [sums.get((one.key, m)) for m in months], goals.get(one.key), (league or {}).get(one.key))
        for one in known.values()
        if (one.key, month) in sums
    ]
    return {
        "month": month.isoformat(), "built_at": timezone.now().isoformat(), "rows": rows, "actions": _actions(hospital, month),
    }  # fmt: skip


def _actions(hospital: Hospital, month: date) -> list[dict[str, Any]]:
    """What is being done at the hospital, and what was planned for this month's figures."""
    rows = Action.objects.filter(Q(state__in=LIVE) | Q(month=month), hospital=hospital).select_related("owner")
    return [
        {
            "label": _in_every_language(lazy(label_of, str)(row.key, row.label)), "what": row.what,
            "owner": row.owner.name if row.owner else "", "due_on": row.due_on.isoformat(),
            "state": _in_every_language(row.status.label),
        }
        for row in rows.order_by("due_on", "pk")
    ]  # fmt: skip


def actions(content: dict[str, Any], user: Any) -> list[tuple[str, str, str, str, str]]:
    """(indicator, what, who, until, state) of the actions, for who may see them."""
    if ACTION_VIEW not in permissions_of(user):
        return []
    return [
        (said(row["label"]), row["what"], row["owner"], row["due_on"], said(row["state"]))
        for row in content.get("actions", [])
    ]


def said(words: dict[str, str] | str) -> str:
    """In the reader's language; what was kept in one language only stays as it is."""
    if isinstance(words, str):
        return words
    return words.get(translation.get_language() or settings.LANGUAGE_CODE) or words[settings.LANGUAGE_CODE]


def _row(
    one: Definition,
    months: list[date],
    pairs: list[values.Pair | None],
    goal: Target | None,
    place: tuple[int, int] | None,
) -> Row:
    last = pairs[-1]
    value = values.value(one, last)
    target = goal.target if goal else one.target
    small = values.is_small(one, last)
    said = [] if small else [r for r in remarks(course(one, months, pairs), months, one.good) if r.month == months[-1]]
    return {
        "key": one.key, "code": one.code, "needs": one.kpi.needs if one.kpi else "", "front": bool(one.kpi and one.kpi.front),
        "unit": one.kpi.unit if one.kpi else "", "label": _in_every_language(one.label), "measure": _in_every_language(one.unit),
        "good": one.good, "value": _plain(value), "numerator": _plain(last[0] if last else None),
        "denominator": _plain(last[1] if last else None), "small": small, "target": _plain(target),
        "tone": "" if small else tone_of(one, value, target, goal.floor if goal else None),  # type: ignore[arg-type]
        "month_before": _plain(values.value(one, pairs[-2])), "year_before": _plain(values.value(one, pairs[-1 - YEAR])),
        "remarks": [_in_every_language(remark) for remark in said], "place": list(place) if place else None,
    }  # fmt: skip


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _in_every_language(words: Any) -> dict[str, str]:
    found = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found[language] = str(words)
    return found


def sealed(content: dict[str, Any], words: str) -> str:
    """The digest of figures and words together."""
    text = json.dumps([content, words], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def shown(content: dict[str, Any], user: Any) -> list[Shown]:
    """The rows this reader may see, those on top of the dashboards first."""
    mine = permissions_of(user)
    rows = [Shown(row) for row in content.get("rows", []) if not row["needs"] or row["needs"] in mine]
    return sorted(rows, key=lambda row: not row.row["front"])


class Shown:
    """One row of a report in the reader's language."""

    def __init__(self, row: Row) -> None:
        self.row = row

    @property
    def label(self) -> str:
        return said(self.row["label"])

    @property
    def tone(self) -> str:
        return str(self.row["tone"])

    @property
    def is_small(self) -> bool:
        return bool(self.row["small"])

    def number(self, name: str) -> Decimal | None:
        return None if self.row[name] is None else Decimal(self.row[name])

    @property
    def value(self) -> str:
        return self._written(self.number("value"))

    @property
    def target(self) -> str:
        return self._written(self.number("target"))

    @property
    def before(self) -> str:
        return self._written(self.number("month_before"))

    @property
    def year_before(self) -> str:
        return self._written(self.number("year_before"))

    @property
    def difference(self) -> str:
        """Against the year before: points for shares, percent for the rest."""
        value, before = self.number("value"), self.number("year_before")
        if value is None or before is None or (self.row["unit"] != PERCENT and not before):
            return ""
        return (
            signed(value - before, 1)
            if self.row["unit"] == PERCENT
            else f"{signed((value - before) / before * 100, 1)} %"
        )

    @property
    def remarks(self) -> list[str]:
        return [said(words) for words in self.row["remarks"]]

    @property
    def place(self) -> str:
        return "{}/{}".format(*self.row["place"]) if self.row["place"] else ""

    def _written(self, value: Decimal | None) -> str:
        if value is None:
            return formats.MISSING
        if self.row["unit"]:
            kpi = next((kpi for kpi in registry.kpis() if kpi.key == self.row["key"]), None)
            if kpi is not None:
                return f"{written(kpi, value)}{formats.THIN}%" if kpi.unit == PERCENT else written(kpi, value)
        measure = said(self.row["measure"])
        return f"{formats.number(value, 2)}{formats.THIN}{measure}".strip()


def places(hospitals: Iterable[Hospital], month: date) -> dict[int, dict[str, tuple[int, int]]]:
    """Hospital → indicator → (rank, of how many) in its peer group, by how they stood that month.

    Runs in a scope of all of them. A hospital with too few records has no rank.
    """
    members = {hospital.pk: hospital for hospital in hospitals}
    groups = dict(PeerMember.objects.filter(hospital__in=members).values_list("hospital", "group"))
    known: dict[str, Definition] = {}
    for consortium in {hospital.consortium_id for hospital in members.values()}:
        known |= definitions(consortium)
    leagues: dict[tuple[str, str], list[Place]] = {}
    for row in Standing.objects.filter(hospital__in=members, month=month):
        one, group = known.get(row.key), groups.get(row.hospital_id, "")
        if one is None or row.value is None:
            continue
        why = FEW if values.is_small(one, (row.numerator, row.denominator)) else ""
        place = Place(row.hospital_id, group, row.numerator, row.denominator, row.value, why)
        leagues.setdefault((row.key, group), []).append(place)
    found: dict[int, dict[str, tuple[int, int]]] = {pk: {} for pk in members}
    for (key, _group), entered in leagues.items():
        for place in ranked(entered, known[key].good):
            if place.rank is not None and place.of > 1 and known[key].denominator:
                found[place.hospital][key] = (place.rank, place.of)
    return found

"""An indicator explains itself: its formula and version, its sums at whatever level, its target and what would reach it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from indicators import bills, spans, values
from indicators.library import MARKS, Definition, definitions
from indicators.measures import offered, words_of
from indicators.models import Formula, Return
from indicators.permissions import RETURN_VIEW
from kpi import registry
from kpi.explaining import Asked, Fact, facts
from kpi.figures import count_words, each_words, limit, needed_words, tone
from kpi.models import Target
from kpi.queries import held, in_force, standpoints
from kpi.reach import MEAN, SHARE, SUM, Needed, needed
from kpi.registry import UP, WATCH
from tenancy.access import hospitals, hospitals_with
from tenancy.models import Hospital
from ui import formats

Span = tuple[date, date]


def consortium_of(user: Any, chosen: Any = None) -> int | None:
    """Whose library the person reads: the consortium of the chosen hospital, else of the first they work at."""
    mine = hospitals(user)
    return (chosen or mine[0])["consortium"] if mine else None


def readable(user: Any, one: Definition, among: Collection[int]) -> list[int]:
    """The hospitals whose sums of this indicator the person may see as a whole."""
    found = set(among)
    if one.quantities:
        found &= hospitals_with(user, RETURN_VIEW)
    if one.kpis:
        found &= {pk for pk, view in standpoints(user).items() if view == ((), "", ())}
        for need in {registry.get(key).needs for key in one.kpis} - {""}:
            found &= hospitals_with(user, need)
    return sorted(found)


def periods(one: Definition, among: Collection[int]) -> list[Span]:
    """The periods anybody reported its quantities for, the newest first."""
    rows = Return.objects.filter(quantity__key__in=one.quantities, hospital__in=among)
    return list(rows.values_list("first", "last").distinct().order_by("-last", "-first")[:24])


def valued(one: Definition, value: Decimal) -> str:
    """A value to be reached, with its direction: ≥ 95 %."""
    if one.kpi:
        return limit(one.kpi, value)
    return f"{'≥' if one.good == UP else '≤'}{formats.THIN}{written(one, value)}"


def written(one: Definition, value: Decimal | None) -> str:
    """A value with its unit."""
    if value is None:
        return formats.MISSING
    if str(one.unit) == _("yuan"):
        return formats.money(value)
    return f"{formats.number(value)}{formats.THIN}{one.unit}" if one.unit else formats.number(value)


@dataclass(frozen=True)
class Explained:
    """An indicator's sums of a period at some hospitals, and all that is said about them."""

    one: Definition
    name: str
    pair: values.Pair | None
    goal: Target | None

    @property
    def value(self) -> Decimal | None:
        return values.value(self.one, self.pair)

    @property
    def text(self) -> str:
        return written(self.one, self.value)

    @property
    def target(self) -> Decimal | None:
        return self.goal.target if self.goal else self.one.target

    @property
    def target_text(self) -> str:
        return "" if self.target is None or self.one.good == WATCH else valued(self.one, self.target)

    @property
    def tone(self) -> str:
        return tone(self.one.good, self.value, self.target, self.goal.floor if self.goal else None)

    @property
    def is_small(self) -> bool:
        return values.is_small(self.one, self.pair)

    @property
    def numerator(self) -> str:
        return formats.number(self.pair[0]) if self.pair else formats.MISSING

    @property
    def denominator(self) -> str:
        return formats.number(self.pair[1]) if self.pair else formats.MISSING

    @cached_property
    def needed(self) -> Needed | None:
        if self.pair is None:
            return None
        kind = SUM if not self.one.denominator else SHARE if self.one.unit == "%" else MEAN
        return needed(kind, self.one.good, *self.pair, self.target, self.one.factor)

    @property
    def needed_short(self) -> str:
        if self.needed is None:
            return ""
        if self.needed.each is not None:
            return each_words(written(self.one, abs(self.needed.each)), self.needed)
        return count_words(formats.number(abs(self.needed.amount)), self.needed)

    @property
    def needed_text(self) -> str:
        return needed_words(self.needed_short, self.needed, self.one.explain.numerator)


class Page:
    """Everything one indicator's page says, for one person, hospital switch and period."""

    def __init__(self, user: Any, one: Definition, consortium: int, chosen: Any, asked: str) -> None:
        self.user, self.one, self.consortium, self.chosen = user, self._in_words(one, consortium), consortium, chosen
        mine = [chosen["id"]] if chosen else [h["id"] for h in hospitals(user) if h["consortium"] == consortium]
        self.mine = mine
        self.hospitals = readable(user, one, mine) if not one.kpi else []
        self.spans = periods(one, self.hospitals) if one.quantities and self.hospitals else []
        self.span = next((s for s in self.spans if key_of(s) == asked), self.spans[0] if self.spans else None)

    @staticmethod
    def _in_words(one: Definition, consortium: int) -> Definition:
        """Own formulas name their measures; here they are put in words."""
        if one.kpi or not one.key.startswith("own."):
            return one
        known = offered(consortium)
        above, below = words_of(one.numerator, known), words_of(one.denominator, known)
        return replace(one, explain=replace(one.explain, numerator=above, denominator=below))

    def over(self, span: Span | None) -> None:
        """Look at a calendar period instead of one that was reported."""
        self.span = span

    @property
    def shown_spans(self) -> list[tuple[str, str, bool]]:
        return [(key_of(s), spans.written(*s), s == self.span) for s in self.spans]

    @cached_property
    def in_force(self) -> list[Target]:
        return in_force(self.mine, self.span[1] if self.span else timezone.localdate())

    @cached_property
    def main(self) -> Explained:
        found = self._sums(())
        goal = held(self.in_force, self.mine).get(self.one.key)
        return Explained(self.one, "", found.get((self.one.key,)), goal)

    @cached_property
    def lines(self) -> list[Explained]:
        """Hospital by hospital, those without a value last."""
        if len(self.hospitals) < 2 or self.main.pair is None:
            return []
        found, names = self._sums((values.HOSPITAL,)), Hospital.objects.in_bulk(self.hospitals)
        lines = [
            Explained(
                self.one, names[pk].name, found.get((self.one.key, pk)), held(self.in_force, [pk]).get(self.one.key)
            )
            for pk in self.hospitals
        ]
        best = -1 if self.one.good != "down" else 1
        return sorted(lines, key=lambda line: (line.value is None, best * (line.value or 0), line.name))

    def _sums(self, by: tuple[str, ...]) -> dict[tuple[Any, ...], values.Pair]:
        after = self.span[1] + timedelta(days=1) if self.span else None
        if self.span is None or after is None or self.span[0].day != 1 or after.day != 1 or not self.hospitals:
            return {}
        return values.sums([self.one], self.hospitals, self.span[0], after, by)

    @cached_property
    def returned(self) -> list[Return]:
        """What a single hospital reported for the period: the records behind the figure."""
        if self.span is None or len(self.hospitals) != 1:
            return []
        rows = Return.objects.filter(hospital__in=self.hospitals, quantity__key__in=self.one.quantities)
        within = rows.filter(first__gte=self.span[0], last__lte=self.span[1])
        return list(
            within.select_related("quantity", "file").defer("file__content").order_by("quantity__name", "first")[:60]
        )

    @cached_property
    def bills(self) -> list[bills.Change]:
        """Of the bills for water, power and gas: what changed them since the year before."""
        if self.one.key != bills.KEY or self.span is None:
            return []
        return bills.changes(self.hospitals, *self.span)

    @cached_property
    def targets(self) -> list[Target]:
        """Every target this person may know of: of the consortium, its groups, their hospitals; the newest first."""
        known = Q(hospital=None) | Q(hospital__in=[h["id"] for h in hospitals(self.user)])
        found = Target.objects.filter(known, consortium=self.consortium, kpi=self.one.key)
        return list(found.select_related("hospital").order_by("-valid_from", "-pk")[:30])

    @property
    def shown_targets(self) -> list[dict[str, Any]]:
        """Targets with their values as people write them."""
        rows = []
        for goal in self.targets:
            steps = {"target": goal.target, "floor": goal.floor, "stretch": goal.stretch}
            shown = {k: formats.MISSING if v is None else valued(self.one, v) for k, v in steps.items()}
            rows.append({"goal": goal, **shown})
        return rows

    @property
    def target_text(self) -> str:
        return valued(self.one, self.main.target) if self.main.target is not None else ""

    @property
    def factor(self) -> str:
        """What the ratio is multiplied by, where it is."""
        return formats.number(self.one.factor) if self.one.factor != 1 else ""

    @cached_property
    def formulas(self) -> list[Formula]:
        kept = Formula.objects.filter(consortium=self.consortium, key=self.one.key)
        return list(kept.order_by("-pk")[:20])

    @cached_property
    def known(self) -> list[Fact]:
        """What other rooms know of the figure: who froze it when."""
        if self.span is None:
            return []
        return facts(Asked(self.user, self.one.key, tuple(self.hospitals or self.mine), *self.span, in_library=True))


def key_of(span: Span) -> str:
    return f"{span[0]}_{span[1]}"


def explain(asked: Asked) -> Iterator[Fact]:
    """On the page of a figure: what the library says of it."""
    if asked.in_library:
        return
    consortium = next((h["consortium"] for h in hospitals(asked.user) if h["id"] in asked.hospitals), None)
    one = definitions(consortium).get(asked.key) if consortium else None
    if one is None:
        return
    page = reverse("indicators:entry", args=[one.key])
    since = (
        Formula.objects.filter(consortium=consortium, key=one.key)
        .order_by("-pk")
        .values_list("since", "version")
        .first()
    )
    words = (
        _("since %(day)s") % {"day": timezone.localtime(since[0]).date()} if since and since[1] == one.version else ""
    )
    yield Fact(_("In the library"), f"{one.code} {one.label}".strip(), page, MARKS.get(one.mark, ""))
    yield Fact(_("Version"), one.version, second=words)
    yield Fact(_("Answered for by"), one.owner, second=_("supervised by %(who)s") % {"who": one.supervisor})
    yield Fact(_("What follows a breach"), one.on_breach)

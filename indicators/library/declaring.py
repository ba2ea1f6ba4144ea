"""How an indicator of the library is declared: two sums in words, unit, direction, target, who answers and who supervises."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from kpi.figures import SMALL
from kpi.periods import MONTH
from kpi.registry import Words

LAW, STANDARD, SEEN, PROPOSED = (
    "L",
    "S",
    "B",
    "P",
)  # whose target: the law's, the regulation's, seen elsewhere, our proposal
MARKS: dict[str, Words] = {
    LAW: _("required by law"),
    STANDARD: _("set by the regulation of the consortium"),
    SEEN: _("seen at other hospitals"),
    PROPOSED: _("proposed; the committee decides"),
}
ON_BREACH = _(
    "Amber: whoever answers for it comments within 5 days. Red: corrective action with a date. "
    "Red twice in a row: agenda of the committee."
)
ON_BREACH_OF_LAW = _("Corrective action with a date at once; at the second time agenda of the committee.")


@dataclass(frozen=True)
class Amount:
    """A quantity that hospitals report where no records of the platform give it."""

    name: Words
    unit: Words = ""
    key: str = ""  # where several indicators use it; else made of the indicator's code


@dataclass(frozen=True)
class Chapter:
    """Indicators of one kind of work, with who answers for them and who supervises."""

    key: str
    label: Words
    owner: Words
    supervisor: Words
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True)
class Entry:
    """An indicator as the library declares it."""

    code: str
    label: Words
    numerator: tuple[Amount, ...]
    denominator: tuple[Amount, ...]
    unit: Words
    factor: Decimal
    good: str
    side: str
    period: str
    target: Decimal | None
    mark: str
    aim: Words  # a target that is no number: the median of the peer group, falling
    source: Words
    kpi: str  # the figure that counts it, once it is registered
    exclusions: Words
    note: Words
    owner: Words
    supervisor: Words
    on_breach: Words
    minimum: int
    beside: tuple[Amount, ...]  # reported with it, though no part of its sums

    @property
    def key(self) -> str:
        """Its name for good, whether its records exist already or not."""
        return self.kpi or f"library.{self.code.lower()}"


Sum = Words | Amount | Sequence[Amount]


def _amounts(code: str, part: str, given: Sum | None) -> tuple[Amount, ...]:
    if given is None:
        return ()
    if isinstance(given, Amount):
        found: Sequence[Amount] = [given]
    elif isinstance(given, list | tuple):
        found = given
    else:
        found = [Amount(given)]  # type: ignore[arg-type]
    return tuple(Amount(a.name, a.unit, a.key or f"{code.lower()}_{part}") for a in found)


@dataclass
class Declaring:
    """Collects the indicators of a chapter; owner and supervisor stand until others are named."""

    key: str
    label: Words
    owner: Words
    supervisor: Words
    entries: list[Entry] = field(default_factory=list)

    def __call__(
        self, code: str, label: Words, numerator: Sum, denominator: Sum | None, good: str, side: str = "P",
        target: str = "", mark: str = "", *, unit: Words = "%", factor: int = 0, period: str = MONTH, aim: Words = "",
        source: Words = "", kpi: str = "", exclusions: Words = "", note: Words = "", owner: Words = "",
        supervisor: Words = "", minimum: int = SMALL,
        beside: tuple[Amount, ...] = (),
    ) -> None:  # fmt: skip
        self.entries.append(
            Entry(
                code, label, _amounts(code, "n", numerator), _amounts(code, "d", denominator), unit,
                Decimal(factor or (100 if unit == "%" else 1)), good, side, period, Decimal(target) if target else None,
                mark, aim, source, kpi, exclusions, note, owner or self.owner, supervisor or self.supervisor,
                ON_BREACH_OF_LAW if mark == LAW else ON_BREACH, minimum, beside,
            )
        )  # fmt: skip

    @property
    def chapter(self) -> Chapter:
        return Chapter(self.key, self.label, self.owner, self.supervisor, tuple(self.entries))


BED_DAYS = Amount(_("Occupied bed-days"), _("bed-days"), "bed_days")
VISITS = Amount(_("Out-patient visits"), _("visits"), "outpatient_visits")
FLOOR_AREA = Amount(_("Gross floor area"), _("m²"), "floor_area")
INCOME = Amount(_("Income of the hospital"), _("yuan"), "income")
WATER = Amount(_("Water used"), _("m³"), "water_m3")
WATER_COST = Amount(_("Water bill"), _("yuan"), "water_cost")
POWER_COST = Amount(_("Electricity bill"), _("yuan"), "power_cost")
POWER = Amount(_("Electricity used"), _("kWh"), "power_kwh")
GAS = Amount(_("Gas used"), _("m³"), "gas_m3")
GAS_COST = Amount(_("Gas bill"), _("yuan"), "gas_cost")
PURCHASES = Amount(_("Value of all purchases"), _("yuan"), "purchases")
AVERAGE_STOCK = Amount(_("Average value of the stock"), _("yuan"), "average_stock")
STOCK_LINES = Amount(_("Stock lines"), "", "stock_lines")
CLEAN_LINEN = Amount(_("Clean linen"), _("kg"), "clean_linen_kg")
ASSET_VALUE = Amount(_("Replacement value of the assets"), _("yuan"), "asset_value")
MAINTENANCE_COST = Amount(_("Cost of maintenance"), _("yuan"), "maintenance_cost")
WARD_WASTE = Amount(_("Medical waste weighed on the wards"), _("kg"), "ward_waste_kg")

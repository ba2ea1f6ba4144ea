"""What a sum of an indicator may be made of: parts of the platform's own figures, and quantities the hospitals report."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from indicators.library import QUANTITY, amounts
from indicators.models import Quantity
from kpi import registry
from kpi.registry import DENOMINATOR, NUMERATOR


@dataclass(frozen=True)
class Measure:
    """One part of a sum, in words."""

    key: str  # as formulas store it: "workorders.cost/numerator", or the key of a quantity
    words: str
    group: str


def offered(consortium_id: int) -> dict[str, Measure]:
    """All there are, by key: counted ones first, then what the consortium asks for, then what the library knows of."""
    found = {m.key: m for kpi in registry.measured() for m in _parts(kpi)}
    asked, known = _("Reported by the hospitals"), _("Could be reported by the hospitals")
    for quantity in Quantity.objects.filter(consortium=consortium_id).order_by("name"):
        found[quantity.key] = Measure(quantity.key, _named(quantity.label, quantity.measured_in), asked)
    for key, amount in amounts().items():
        found.setdefault(key, Measure(key, _named(amount.name, amount.unit), known))
    return found


def _parts(kpi: registry.Kpi) -> list[Measure]:
    words = {NUMERATOR: kpi.explain.numerator, DENOMINATOR: kpi.explain.denominator}
    group = _("Counted from records")
    return [Measure(f"{kpi.key}/{part}", f"{kpi.label}: {said}", group) for part, said in words.items() if said]


def _named(name: object, unit: object) -> str:
    return f"{name} ({unit})" if unit else str(name)


def words_of(measures: tuple[str, ...], known: dict[str, Measure]) -> str:
    """A sum in words."""
    keys = [m.removeprefix(QUANTITY) for m in measures]
    return " + ".join(known[key].words if key in known else key for key in keys)

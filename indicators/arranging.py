"""Indicators the office writes, and how every indicator was reckoned from when on."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from indicators.domain import need
from indicators.library import Definition, amounts, definitions
from indicators.measures import offered, words_of
from indicators.models import Formula, Indicator, Quantity
from tenancy import history
from tenancy.locks import hold


@transaction.atomic
def arrange(actor: Any, indicator: Indicator, **facts: Any) -> Indicator:
    """Write a new indicator, or change one: a ratio of two sums of measures times a factor. Its old formula is kept.

    A measure is a part of a figure the platform counts, or a quantity the hospitals report; one that only the library knows
    of so far is asked for from now on. Raises ValidationError for others, and for a key that is taken.
    """
    need(actor, indicator.consortium)
    old = {name: str(getattr(indicator, name)) for name in facts} if indicator.pk else {}
    for name, value in facts.items():
        setattr(indicator, name, value)
    known = offered(indicator.consortium_id)
    for part in ("numerator", "denominator"):
        if lost := sorted(set(getattr(indicator, part)) - set(known)):
            raise ValidationError({part: _("Nobody reports %(keys)s.") % {"keys": ", ".join(lost)}})
    open_quantities(indicator.consortium_id, {*indicator.numerator, *indicator.denominator})
    indicator.full_clean(exclude=["consortium"])
    indicator.save()
    new = {name: str(value) for name, value in facts.items()}
    changed = {name: [old.get(name, ""), new[name]] for name in new if old.get(name) != new[name]}
    if changed:
        history.note(indicator, "edited" if old else "added", actor, {"changed": changed})
    keep_formulas(indicator.consortium_id, [f"own.{indicator.key}"], actor)
    return indicator


def open_quantities(consortium_id: int, keys: Collection[str]) -> None:
    """Make those of the library's quantities that hospitals are to report from now on."""
    library = amounts()
    with translation.override(settings.LANGUAGE_CODE):
        news = [
            Quantity(
                consortium_id=consortium_id, key=key, name=str(library[key].name), unit=str(library[key].unit)[:20]
            )
            for key in sorted(set(keys) & set(library))
        ]
    Quantity.objects.bulk_create(news, ignore_conflicts=True)


@transaction.atomic
def keep_formulas(consortium_id: int, keys: Collection[str] | None = None, actor: Any = None) -> int:
    """Write down how these indicators (None: all) are reckoned from now on, where that has changed. Answers how many."""
    found = {key: one for key, one in definitions(consortium_id).items() if keys is None or key in keys}
    hold("indicators.formula", consortium_id)  # one at a time, or a change would stand there twice
    last = Formula.objects.filter(consortium=consortium_id, key__in=found).order_by("key", "-pk").distinct("key")
    before = dict(last.values_list("key", "version"))
    news = [one for key, one in found.items() if before.get(key) != one.version]
    who = {"by_id": getattr(actor, "pk", None), "by_name": getattr(actor, "name", "")[:60]}
    with translation.override(settings.LANGUAGE_CODE):
        known = offered(consortium_id) if news else {}
        Formula.objects.bulk_create(
            Formula(consortium_id=consortium_id, key=one.key, version=one.version, facts=_facts(one, known), **who)
            for one in news
        )
    return len(news)


def _facts(one: Definition, known: Any) -> dict[str, Any]:
    """The formula as it will be read later, whatever has become of the indicator."""
    return {
        "name": str(one.label), "unit": str(one.unit), "good": one.good, "factor": f"{one.factor.normalize():f}",
        "numerator": str(one.explain.numerator) if one.kpi else words_of(one.numerator, known),
        "denominator": str(one.explain.denominator) if one.kpi else words_of(one.denominator, known),
        "exclusions": str(one.explain.exclusions), "measures": [list(one.numerator), list(one.denominator)],
    }  # fmt: skip

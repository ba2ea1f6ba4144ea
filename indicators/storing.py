"""What hospitals report is written here and nowhere else, whether it came by file, form or program."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from flow import domain as flow
from flow.machine import moved
from indicators.models import Quantity, Return, ReturnDue, ReturnFile
from indicators.request_states import GIVEN
from tenancy.locks import hold
from tenancy.models import Hospital

EXACT = Decimal("0.0001")  # as exact as values are kept


@dataclass(frozen=True)
class Reported:
    """One value of one hospital; None: the hospital does not know it, which is not 0."""

    hospital: Hospital
    quantity: Quantity
    value: Decimal | None


@dataclass(frozen=True)
class Change:
    """What a value was and what it is now; None: there was, or is, no value."""

    hospital: Hospital
    key: str
    before: Decimal | None
    after: Decimal | None

    @property
    def plain(self) -> list[str | None]:
        return [self.key, *(None if value is None else str(value) for value in (self.before, self.after))]


@transaction.atomic
def write(
    actor: Any, reported: Iterable[Reported], first: date, last: date, *,
    file: ReturnFile | None = None, due: ReturnDue | None = None,
) -> list[Change]:  # fmt: skip
    """Write the values of a period; answers what has changed. The same values again change nothing.

    What a hospital has handed in on a form and somebody now corrects from elsewhere is noted at that form with both values.
    """
    reported = list(reported)
    for consortium in sorted({one.quantity.consortium_id for one in reported}):
        one_at_a_time(consortium)
    changes, rows, gone, now = [], [], Q(pk__in=[]), timezone.now()
    old = _present(reported, first, last)
    for one in reported:
        before = old.get((one.hospital.pk, one.quantity.pk))
        value = None if one.value is None else one.value.quantize(EXACT)
        if before == value:
            continue
        changes.append(Change(one.hospital, one.quantity.key, before, value))
        if value is None:
            gone |= Q(hospital=one.hospital, quantity=one.quantity)
        else:
            facts = {"value": value, "file": file, "due": due, "changed_at": now}
            rows.append(Return(hospital=one.hospital, quantity=one.quantity, first=first, last=last, **facts))
    Return.objects.filter(gone, first=first, last=last).delete()
    Return.objects.bulk_create(
        rows, batch_size=2000, update_conflicts=True, unique_fields=["hospital", "quantity", "first", "last"],
        update_fields=["value", "file", "due", "changed_at"],
    )  # fmt: skip
    if due is None:
        _tell_forms(actor, changes, first, last, file)
    return changes


def one_at_a_time(consortium: int) -> None:
    """Values are compared with what stands there: writers of one consortium wait for each other."""
    hold("indicators.take_in", consortium)


def _present(reported: list[Reported], first: date, last: date) -> dict[tuple[int, int], Decimal]:
    there = Return.objects.filter(
        quantity__in={one.quantity.pk for one in reported}, hospital__in={one.hospital.pk for one in reported},
        first=first, last=last,
    )  # fmt: skip
    return {
        (hospital, quantity): value for hospital, quantity, value in there.values_list("hospital", "quantity", "value")
    }


def _tell_forms(actor: Any, changes: list[Change], first: date, last: date, file: ReturnFile | None) -> None:
    """Events at the forms whose values were changed past them."""
    by_hospital: dict[int, list[Change]] = defaultdict(list)
    for change in changes:
        by_hospital[change.hospital.pk].append(change)
    given = ReturnDue.objects.filter(state__in=GIVEN, hospital__in=by_hospital, first=first, last=last)
    for due in given.select_related("request", "hospital"):
        values = [change.plain for change in by_hospital[due.hospital_id] if change.key in due.asked]
        if values:
            data = {
                "values": values,
                "file": file.name if file else "",
                "after_acceptance": due.accepted_at is not None,
            }
            moved.send(ReturnDue, obj=due, event=flow.record(due, "corrected", actor, data=data))

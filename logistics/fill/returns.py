"""What the office asks of the hospitals every month, and two years of their answers; of the last month some is missing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.conf import settings
from django.utils import timezone, translation

from accounts.models import User
from flow.models import Event
from flow.origin import PAGE
from indicators.library.definitions import amounts
from indicators.models import Quantity, RequestedQuantity, Return, ReturnDue, ReturnRequest
from indicators.reminding import SUBJECT
from indicators.request_spans import Span, moved, over
from indicators.request_states import ACCEPTED, HANDED, MONTH, OPEN
from kpi.measure import midnight
from logistics.fill.plan import Plan
from tenancy.holders import holders
from tenancy.models import Consortium, Hospital
from tenancy.scope import scope

MONTHS, DUE = 24, 5
ASKED = {  # key in the library → of one bed in a month
    "bed_days": 26, "outpatient_visits": 118, "water_m3": 21, "water_cost": 92, "power_cost": 1340, "maintenance_cost": 460,
}  # fmt: skip


def arrange(plan: Plan) -> None:
    """The request and everybody's answers."""
    today, hospitals = timezone.localdate(plan.until), list(Hospital.objects.order_by("id"))
    first = moved(today.replace(day=1), -MONTHS)
    with scope([hospital.pk for hospital in hospitals]), translation.override(settings.LANGUAGE_CODE):
        request, quantities = _request(Consortium.objects.get(), first)
        spans = list(over(MONTH, "01-01", first, None, today))
        for number, hospital in enumerate(hospitals):
            clerk, office = _people(hospital)
            _answers(plan, hospital, request, quantities, spans, clerk, office, plan.dice(f"returns {number}"))


def _request(consortium: Consortium, first: date) -> tuple[ReturnRequest, list[Quantity]]:
    request = ReturnRequest.objects.create(
        consortium=consortium, name="后勤运行月报", rhythm=MONTH, due_days=DUE, role="manager", valid_from=first,
        asked_on=first - timedelta(days=20),
    )  # fmt: skip
    known = amounts()
    quantities = [
        Quantity.objects.create(consortium=consortium, key=key, name=str(known[key].name), unit=str(known[key].unit))
        for key in ASKED
    ]
    RequestedQuantity.objects.bulk_create(
        RequestedQuantity(consortium=consortium, request=request, quantity=quantity, position=position)
        for position, quantity in enumerate(quantities, 1)
    )
    return request, quantities


def _people(hospital: Hospital) -> tuple[User, User]:
    """Who fills in and who accepts."""
    managers = holders("manager", hospital)
    return managers[0], (holders("office", hospital) or managers)[0]


def _answers(
    plan: Plan, hospital: Hospital, request: ReturnRequest, quantities: list[Quantity], spans: list[Span], clerk: User,
    office: User, dice: Random,
) -> None:  # fmt: skip
    dues = [_due(plan, hospital, request, span, clerk, span is spans[-1], dice) for span in spans]
    ReturnDue.objects.bulk_create(dues)
    values, events = [], []
    for due in dues:
        events.append(
            _event(due, "asked", None, midnight(due.last + timedelta(days=1)), {"due_on": due.due_on.isoformat()})
        )
        if due.handed_in_at is None:
            continue
        season = Decimal(str(1 + 0.15 * abs(due.first.month - 4) / 4 + dice.uniform(-0.04, 0.04)))
        mine = [
            Return(
                hospital=hospital, quantity=quantity, first=due.first, last=due.last, due=due, changed_at=due.handed_in_at,
                value=round(hospital.beds * ASKED[quantity.key] * season),
            )
            for quantity in quantities
        ]  # fmt: skip
        values += mine
        said = {"values": [[one.quantity.key, None, str(one.value)] for one in mine], "unknown": [], "notes": {}}
        events.append(_event(due, "hand_in", clerk, due.handed_in_at, {**said, "before": {}}, OPEN, HANDED))
        if due.accepted_at:
            events.append(_event(due, "accept", office, due.accepted_at, {"before": {}}, HANDED, ACCEPTED))
    Return.objects.bulk_create(values)
    Event.objects.bulk_create(events)


def _due(
    plan: Plan, hospital: Hospital, request: ReturnRequest, span: Span, clerk: User, newest: bool, dice: Random
) -> ReturnDue:  # fmt: skip
    """Most are in on time, some days late; of the newest period a part waits or is missing."""
    late = dice.choice((-2, -1, -1, 0, 0, 0, 0, 1, 4))
    due = ReturnDue(
        hospital=hospital, request=request, first=span[0], last=span[1], due_on=span[1] + timedelta(days=DUE),
        asked=list(ASKED),
    )  # fmt: skip
    at = midnight(due.due_on + timedelta(days=late)) + timedelta(hours=15, minutes=dice.randrange(60))
    if at > plan.until or (newest and dice.random() < 0.3):
        due.asked = []
        return due
    due.handed_in_at, due.handed_in_by, due.state = at, clerk, HANDED
    if not newest and at + timedelta(days=2) < plan.until:
        due.accepted_at, due.state = at + timedelta(days=2), ACCEPTED
    return due


def _event(
    due: ReturnDue, verb: str, who: User | None, at: datetime, data: dict[str, Any], source: str = "", target: str = ""
) -> Event:  # fmt: skip
    actor = (
        {"actor": who, "actor_name": who.name, "channel": PAGE} if who else {"actor_kind": "system", "actor_name": "—"}
    )
    facts = {"subject": SUBJECT, "subject_id": due.pk, "verb": verb, "source": source, "target": target, "at": at}
    return Event(hospital_id=due.hospital_id, data=data, **facts, **actor)

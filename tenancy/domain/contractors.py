"""Firms that work was outsourced to, and for how long they are engaged where."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tenancy import history, permissions
from tenancy.access import can, hospitals_with
from tenancy.domain import _common as common
from tenancy.models import Consortium, Contractor, Engagement, Hospital


@transaction.atomic
def add_contractor(actor: Any, *, consortium: Consortium, name: str, registration_number: str = "") -> Contractor:
    """Make a firm known to the consortium. Who may engage firms at one of its hospitals may do this.

    Raises ValidationError when a firm with this registration number is known already.
    """
    ours = Hospital.objects.filter(consortium=consortium, pk__in=hospitals_with(actor, permissions.CONTRACTOR_CHANGE))
    if not can(actor, permissions.CONTRACTOR_CHANGE, consortium) and not ours.exists():
        raise PermissionDenied(permissions.CONTRACTOR_CHANGE)
    firm = Contractor(consortium=consortium, name=name.strip(), registration_number=registration_number.strip())
    common.check(firm, "name")
    known = Contractor.objects.filter(consortium=consortium, registration_number=firm.registration_number)
    if firm.registration_number and known.exists():
        raise ValidationError({"registration_number": _("A firm with this registration number is known already.")})
    firm.save(force_insert=True)
    history.note(firm, "added", actor)
    return firm


@transaction.atomic
def engage_contractor(
    actor: Any,
    *,
    hospital: Hospital,
    contractor: Contractor,
    department: str,
    starts_on: date,
    ends_on: date | None = None,
) -> Engagement:
    """Let a firm run a department's work at a hospital: from that day its people's grants count there."""
    if contractor.consortium_id != hospital.consortium_id:
        raise ValidationError({"contractor": _("This firm is not known in this consortium.")})
    engagement = Engagement(
        hospital=hospital, contractor=contractor, department=department, starts_on=starts_on, ends_on=ends_on
    )
    return common.create(actor, permissions.CONTRACTOR_CHANGE, engagement, key="ends_on", verb="engaged")


@transaction.atomic
def end_engagement(actor: Any, engagement: Engagement, *, on: date) -> Engagement:
    """End an engagement with a last day; the day after, the firm's people see nothing of this hospital any more."""
    engagement = common.lock(engagement)
    common.need(actor, permissions.CONTRACTOR_CHANGE, engagement)
    engagement.ends_on = on
    common.check(engagement, "ends_on")
    engagement.save(update_fields=["ends_on"])
    history.note(engagement, "ended", actor, {"on": str(on)})
    return engagement

"""The slip of an order on paper: for the technician's board, the ward's folder, and a power cut."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from flow.models import Attachment
from flow.queries import attachments_of
from flow.store import content_of
from ui import formats
from ui.pdf import Document, Signature
from workorders.models import WorkOrder
from workorders.states import STATES, URGENCIES

FORM, VERSION = "WO-1", "1"
SIZES = ("A4", "A5")


def slip(order: WorkOrder, size: str = "A4") -> bytes:
    """The paper as PDF, in the hospital's language, filled as far as the work has come."""
    with translation.override("zh-hans"):
        url = f"{settings.BASE_URL}{reverse('workorders:order', args=[order.pk])}"
        paper = Document(
            _("Work order slip"),
            hospital_name=order.hospital.name,
            form_number=FORM,
            version=VERSION,
            qr_url=url,
            size=size,
        )
        paper.facts(_facts(order))
        if order.description:
            paper.heading(_("Description"))
            paper.paragraph(order.description)
        paper.heading(_("The musts"))
        for must in order.service.musts:
            paper.paragraph(f"{'☑' if must in order.musts_ticked else '□'} {must}")
        paper.heading(_("What was done"))
        paper.facts(
            [(_("Cause"), order.cause), (_("What was done"), order.remedy), (_("Minutes of work"), order.minutes)]
        )
        paper.signatures(_signatures(order))
        return paper.render()


def _facts(order: WorkOrder) -> list[tuple[str, str]]:
    return [
        (_("Number"), order.number),
        (_("State"), str(STATES[order.state].label)),
        (_("What"), order.title),
        (_("Service"), str(order.service)),
        (_("Place"), str(order.place)),
        (_("Unit"), str(order.unit or "")),
        (_("Urgency"), str(URGENCIES[order.urgency].label)),
        (_("Asset"), str(order.asset or "")),
        (_("Reported by"), order.reporter_name),
        (_("Call back"), order.phone),
        (_("Reported on"), formats.exact(order.reported_at)[:16]),
        (_("Due"), formats.exact(order.due_at)[:16]),
        (_("Team"), str(order.team or "")),
        (_("Who does it"), order.assignee.name if order.assignee else ""),
    ]


def _signatures(order: WorkOrder) -> list[Signature]:
    drawn = attachments_of(order).filter(kind=Attachment.Kind.SIGNATURE).last() if order.signed_at else None
    worker = order.assignee.name if order.assignee else ""
    return [
        Signature(_("Technician"), worker, _when(order.finished_at)),
        Signature(
            _("Signed for the unit"),
            order.signed_name,
            _when(order.signed_at),
            content_of(drawn.sha256) if drawn else None,
        ),
    ]


def _when(at: object) -> str:
    return formats.exact(at)[:16] if at else ""  # type: ignore[arg-type]

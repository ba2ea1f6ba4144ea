"""The rectification notice on paper (整改通知书): for the responsible person, the file, and the authority."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from flow.models import Attachment
from flow.queries import attachments_of
from flow.store import content_of
from hazards.models import Hazard
from hazards.states import GRADES, SOURCES, STATES
from ui import formats
from ui.pdf import Document, Signature
from workorders.work_types import department_of

FORM, VERSION = "SE-1", "1"
PHOTOS = 2  # of each kind; more stand behind the QR code


def notice(hazard: Hazard) -> bytes:
    """The paper as PDF, in the hospital's language, filled as far as the matter has come."""
    with translation.override("zh-hans"):
        url = f"{settings.BASE_URL}{reverse('hazards:hazard', args=[hazard.pk])}"
        paper = Document(
            _("Rectification notice"),
            hospital_name=hazard.hospital.name,
            form_number=FORM,
            version=VERSION,
            qr_url=url,
        )
        paper.facts(_facts(hazard))
        paper.heading(_("What is dangerous"))
        paper.paragraph(hazard.description or hazard.title)
        pictures = [file for file in attachments_of(hazard) if file.content_type.startswith("image/")]
        _show(paper, [file for file in pictures if file.kind == Attachment.Kind.BEFORE])
        paper.heading(_("Until then"))
        paper.paragraph(hazard.interim)
        paper.heading(_("What was done"))
        paper.paragraph(hazard.measures)
        _show(paper, [file for file in pictures if file.kind == Attachment.Kind.AFTER])
        paper.signatures(_signatures(hazard))
        return paper.render()


def _show(paper: Document, files: list[Attachment]) -> None:
    for file in files[:PHOTOS]:
        content = content_of(file.sha256)
        if content is None:
            paper.paragraph(_("The file %(name)s is missing.") % {"name": file.name})
        else:
            paper.image(content, height=140)


def _facts(hazard: Hazard) -> list[tuple[str, str]]:
    return [
        (_("Number"), hazard.number),
        (_("State"), str(STATES[hazard.state].label)),
        (_("What"), hazard.title),
        (_("Place"), str(hazard.place)),
        (_("Grade"), str(GRADES[hazard.grade].label)),
        (_("Brought up by"), " · ".join(filter(None, [str(SOURCES[hazard.source].label), hazard.source_note]))),
        (_("Department"), str(department_of(hazard.department).label)),
        (_("Asset"), str(hazard.asset or "")),
        (_("Found by"), hazard.found_name),
        (_("Found on"), formats.exact(hazard.found_at)[:16]),
        (_("Responsible"), hazard.responsible.name if hazard.responsible else ""),
        (_("Rectify by"), hazard.due_on.isoformat()),
    ]


def _signatures(hazard: Hazard) -> list[Signature]:
    rectified = hazard.rectified_by.name if hazard.rectified_by else ""
    verified = hazard.verified_by.name if hazard.verified_by else ""
    return [
        Signature(_("Issued by"), "", ""),
        Signature(_("Responsible"), hazard.responsible.name if hazard.responsible else "", ""),
        Signature(_("Rectified by"), rectified, _when(hazard.rectified_at)),
        Signature(_("Verified by"), verified, _when(hazard.verified_at)),
    ]


def _when(at: object) -> str:
    return formats.exact(at)[:16] if at else ""  # type: ignore[arg-type]

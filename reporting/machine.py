"""From written to sent: the manager signs off, may take it back, and on the day it goes out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from flow.machine import Machine, Transition, sources
from reporting import permissions as perm
from reporting.content import build, sealed
from reporting.models import Report
from reporting.states import DRAFT, REPORT_STATES, SENT, SIGNED
from tenancy.actors import System


def sign(report: Report, actor: Any, at: datetime) -> None:
    """Whoever signs answers for the words."""
    if not report.words:
        raise ValidationError({"words": _("Please say something to the figures before you sign off.")})
    report.signed_at, report.signed_by_id, report.signed_name = at, actor.pk, actor.name


def take_back(report: Report, actor: Any, at: datetime) -> None:
    report.signed_at, report.signed_by_id, report.signed_name = None, None, ""


def send(report: Report, actor: Any, at: datetime, *, content: dict[str, Any] | None = None) -> None:
    """Figures and words are fixed. Words that nobody signed off stay with the draft: the report goes without them."""
    if report.state != SIGNED:
        report.words = ""
    content = build(report.hospital, report.month) if content is None else content
    report.content, report.sent_at, report.sha256 = content, at, sealed(content, report.words)


REPORTS = Machine(
    states=REPORT_STATES,
    select=("hospital",),
    transitions=(
        Transition(
            "sign", sources(DRAFT), SIGNED, perm.REPORT_CHANGE, _("Sign off"), "signature", "blue", prepare=sign, main=True
        ),
        Transition(
            "take_back", sources(SIGNED), DRAFT, perm.REPORT_CHANGE, pgettext_lazy("a report", "Take back"),
            "arrow-back-up", "amber", prepare=take_back,
        ),
        Transition(
            "send", sources(DRAFT, SIGNED), SENT, perm.REPORT_CHANGE, pgettext_lazy("a report", "Send"), "send", "green",
            prepare=send, applies=lambda report, actor: isinstance(actor, System),
        ),
    ),
)  # fmt: skip

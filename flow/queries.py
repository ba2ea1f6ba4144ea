"""Reading history."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from flow.domain import subject_of
from flow.models import Attachment, Event


def told() -> QuerySet[Event]:
    """Events as a record tells them: from where somebody acted is not even read; auditor and administrator have a page."""
    return Event.objects.defer("channel", "address")


def history_of(obj: Any) -> QuerySet[Event]:
    """Everything that happened to it, oldest first."""
    return told().filter(subject=subject_of(obj), subject_id=obj.pk).order_by("id")


def attachments_of(obj: Any) -> QuerySet[Attachment]:
    return Attachment.objects.filter(subject=subject_of(obj), subject_id=obj.pk).order_by("id")

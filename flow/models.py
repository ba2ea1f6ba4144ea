"""What happened to anything, and the files attached to it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from flow.origin import CHANNELS
from flow.states import choices
from tenancy.models import Hospital, TenantModel

# What happens to nearly every order, so that looking along all events finds the next one soon. Looked for by index is
# only what is rarer: a small index, and no cost where most is written.
EVERYDAY = ("reported", "dispatch", "accept", "arrive", "finish", "sign", "close")


class Event(TenantModel):
    """What happened, once, in order: the history panel, the outbox of notices, the raw material of durations.

    Append-only, and free of foreign keys to its subject, which it outlives.
    """

    hospital = models.ForeignKey(Hospital, models.PROTECT, related_name="+", db_index=False)  # event_hospital_at
    subject = models.CharField(max_length=40)  # "workorders.workorder"
    subject_id = models.BigIntegerField()
    verb = models.CharField(max_length=30)
    source = models.CharField(max_length=12, blank=True)
    target = models.CharField(max_length=12, blank=True)
    at = models.DateTimeField()
    actor = models.ForeignKey(  # found by event_actor
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )
    actor_kind = models.CharField(max_length=8, default="user")
    actor_name = models.CharField(max_length=60)
    data = models.JSONField(default=dict)  # what came with it; "before": the fields as they were
    channel = models.CharField(
        _("way in"), max_length=8, choices=choices(CHANNELS), blank=True, db_default="", default=""
    )
    address = models.GenericIPAddressField(_("network address"), null=True)  # shown to auditor and administrator only
    append_only = True

    class Meta:
        indexes = [
            models.Index(fields=["subject", "subject_id", "id"], name="event_subject"),
            models.Index(fields=["hospital", "-at", "-id"], name="event_hospital_at"),
            models.Index(fields=["-at", "-id"], name="event_at"),
            models.Index(fields=["actor", "-at", "-id"], name="event_actor"),
            models.Index(
                fields=["verb", "-at", "-id"], name="event_rare", condition=Q(*(~Q(verb=verb) for verb in EVERYDAY))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.subject_id} {self.verb}"


class Attachment(TenantModel):
    """A photo, a PDF or a drawn signature that belongs to something. The bytes lie in the store under their sha256."""

    class Kind(models.TextChoices):
        BEFORE = "before", _("Photo before")
        AFTER = "after", _("Photo after")
        DOCUMENT = "document", _("Document")
        SIGNATURE = "signature", _("Signature")

    subject = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("file name"), max_length=120)
    content_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=60)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "subject", "subject_id", "sha256"], name="attachment_once")
        ]
        indexes = [models.Index(fields=["subject", "subject_id", "id"], name="attachment_subject")]

    def __str__(self) -> str:
        return self.name


class ChainSetting(TenantModel):
    """The days of a declared chain as a hospital has set them; a cell that is not among them stands as it came."""

    hospital = models.ForeignKey(Hospital, models.PROTECT, related_name="+", db_index=False)  # chain_setting_once
    key = models.CharField(max_length=40)  # of the `flow.chains.Chain`
    days = models.JSONField(default=dict)  # cell → days
    version = models.PositiveIntegerField(default=0)  # counts the changes: who saw an earlier one is told

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hospital", "key"], name="chain_setting_once")]

    def __str__(self) -> str:
        return self.key

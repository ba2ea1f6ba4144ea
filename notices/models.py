"""What people are told inside the site."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from notices.rules import rule_of
from tenancy.access import Paths
from tenancy.models import TenantModel


class Notice(TenantModel):
    """One event, told to one person, exactly once. Its words are made when it is read, in the reader's language."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    event_id = models.BigIntegerField()  # flow.Event, which is never deleted
    subject = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    verb = models.CharField(max_length=30)
    title = models.CharField(max_length=120)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    reach = Paths(own=("user_id",))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "event_id"], name="notice_once")]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_user"),
            models.Index(fields=["user"], name="notice_unread", condition=models.Q(read_at=None)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def sentence(self) -> str:
        rule = rule_of(self.subject)
        return rule.sentence(self.verb, self.data) if rule else self.verb

    @property
    def url(self) -> str:
        rule = rule_of(self.subject)
        return rule.url(self.subject_id) if rule else "/"

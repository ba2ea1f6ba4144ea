"""Lists as people keep them: saved views, and workbooks that wait for who asked for them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from exchange.states import EXPORTS, QUEUED
from flow.states import choices
from tenancy.access import Paths
from tenancy.models import SpanModel

MINE, HOSPITAL, CONSORTIUM = "mine", "hospital", "everyone"


class SavedView(SpanModel):
    """A list under a name: what it is narrowed to, how it is sorted, which columns.

    `hospitals` names the hospital it is shared with; none where it is the owner's own or the whole consortium's. A view
    holds a question, never rows: whoever opens it sees what they may see. The one without a name is what its owner
    arranged without saving: columns by view ("" for none), and the view that opens first.
    """

    class Audience(models.TextChoices):
        MINE = MINE, _("Only me")
        HOSPITAL = HOSPITAL, _("Everybody at the hospital who sees this list")
        EVERYONE = CONSORTIUM, _("Everybody in the consortium who sees this list")

    list_name = models.CharField(max_length=60)  # "workorders:order"
    name = models.CharField(_("name"), max_length=40, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    owner_name = models.CharField(max_length=60)
    audience = models.CharField(_("who sees it"), max_length=8, choices=Audience.choices, default=MINE)
    query = models.TextField(blank=True)  # as in an address: filters and sorting
    columns = models.JSONField(default=list)  # keys in order; none: as the list stands
    arranged = models.JSONField(default=dict)  # of the nameless: {"columns": {view: keys}, "first": view}
    reach = Paths(hospital="", consortium="consortium_id", own=("owner_id",))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "list_name", "name"], name="view_name")]
        indexes = [models.Index(fields=["list_name", "consortium"], name="view_shared", condition=~Q(audience=MINE))]

    def __str__(self) -> str:
        return self.name

    @property
    def asked(self) -> QueryDict:
        return QueryDict(self.query)


class Export(SpanModel):
    """A list on its way into a workbook, part by part; the file waits some days for the one person who asked for it.

    `hospitals` are all whose rows may stand in it: who no longer works for one of them no longer sees the file.
    """

    list_name = models.CharField(max_length=60)
    title = models.CharField(max_length=100)
    query = models.TextField(blank=True)
    columns = models.JSONField(default=list)
    hospital = models.BigIntegerField(null=True)  # the one of the switch
    language = models.CharField(max_length=10)
    state = models.CharField(_("state"), max_length=8, choices=choices(EXPORTS), default=QUEUED)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    total = models.PositiveIntegerField(null=True)  # rows, counted when it begins
    done = models.PositiveIntegerField(default=0)
    parts = models.PositiveIntegerField(default=0)
    cursor = models.TextField(blank=True)  # where the next part begins
    widths = models.JSONField(default=list)  # of the columns, in characters
    runner = models.CharField(max_length=32, blank=True)  # who works on it: a second worker's parts are refused
    beat_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)  # without getting any further
    error = models.CharField(max_length=500, blank=True)
    size = models.BigIntegerField(default=0)  # bytes
    ended_at = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)  # then the file is removed
    reach = Paths(hospital="", consortium="consortium_id", own=("asked_by_id",))

    class Meta:
        indexes = [
            models.Index(fields=["asked_by", "-id"], name="export_mine"),
            models.Index(fields=["id"], name="export_unfinished", condition=Q(state__in=("queued", "running"))),
            models.Index(fields=["until"], name="export_until"),
        ]

    def __str__(self) -> str:
        return self.title


class ExportPart(SpanModel):
    """A piece of a workbook: written rows while it is being made, afterwards the file itself."""

    export = models.ForeignKey(Export, models.CASCADE, related_name="pieces")
    is_file = models.BooleanField(default=False)
    number = models.PositiveIntegerField()
    content = models.BinaryField()
    reach = Paths(hospital="", consortium="consortium_id")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["export", "is_file", "number"], name="export_piece")]

    def __str__(self) -> str:
        return f"{self.export_id}/{self.number}"


def label_of(export: Any) -> str:
    """The file's name."""
    return f"{export.list_name.split(':')[1]}-{export.asked_at:%Y%m%d-%H%M}.xlsx"

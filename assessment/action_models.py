"""What a hospital does about a figure, by whom, until when, and what it should become."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessment.figure_models import FrozenFigure, amount, person
from assessment.states import ACTIONS, COMMENT, DONE, IMPROVEMENT, KINDS, LIVE, OPEN
from flow.states import State, choices
from tenancy.access import Paths
from tenancy.models import Hospital, TenantModel


class Action(TenantModel):
    """An improvement action (改进措施), tied to the published figure it is to move.

    Asked for where a figure is published amber (a comment) or red (a corrective action), or planned by the hospital itself.
    """

    hospital = models.ForeignKey(Hospital, models.PROTECT, related_name="+", db_index=False)
    figure = models.ForeignKey(FrozenFigure, models.PROTECT, related_name="actions", db_constraint=False)
    key = models.CharField(max_length=80)
    label = models.CharField(_("indicator"), max_length=120)
    month = models.DateField()
    kind = models.CharField(_("kind"), max_length=12, choices=choices(KINDS), default=IMPROVEMENT)
    what = models.CharField(_("what is done"), max_length=500, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("owner")
    )
    department = models.CharField(_("department"), max_length=20, blank=True)  # in which the owner acts; empty: all
    due_on = models.DateField(_("by"))  # that day included
    before = amount(places=10)  # the value when it was published
    expected = amount()
    state = models.CharField(_("state"), max_length=8, choices=choices(ACTIONS), default=OPEN)
    made_at = models.DateTimeField(default=timezone.now)
    made_by = person()
    done_at = models.DateTimeField(null=True)
    done_by = person()
    note = models.CharField(_("what came of it"), max_length=500, blank=True)
    level = models.PositiveSmallIntegerField(default=0)
    reach = Paths(department="department", own=("owner_id",))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="action_hospital_id"),
            models.UniqueConstraint(
                fields=["figure", "kind"], condition=~Q(kind=IMPROVEMENT), name="action_asked_once"
            ),
            models.CheckConstraint(
                name="action_done_iff_done",
                condition=Q(state=DONE, done_at__isnull=False) | (~Q(state=DONE) & Q(done_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="action_under_way_is_owned",
                condition=~Q(state=OPEN) | Q(owner__isnull=False) & ~Q(what="") & ~Q(kind=COMMENT),
            ),
        ]
        indexes = [
            models.Index(fields=["hospital", "-made_at", "-id"], name="action_hospital"),
            models.Index(fields=["-made_at", "-id"], name="action_all"),
            models.Index(fields=["hospital", "due_on"], name="action_live", condition=Q(state__in=LIVE)),
        ]

    def __str__(self) -> str:
        return self.what or f"{KINDS[self.kind].label}: {self.label}"

    @property
    def spoken(self) -> str:
        """Its name in the reader's language; a notice keeps the one it was written with."""
        from assessment.shown import label_of

        return self.what or f"{KINDS[self.kind].label}: {label_of(self.key, self.label)}"

    @property
    def status(self) -> State:
        return ACTIONS[self.state]

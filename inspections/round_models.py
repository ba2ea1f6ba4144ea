"""Rounds: one inspection that is due, its points, the answers and what was found."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assets.models import Asset
from flow.states import State, choices
from hazards.models import Hazard
from inspections.checklist_models import Checklist, Edition, Item
from inspections.plan_models import Plan
from inspections.states import (
    ASK,
    DONE,
    DUE,
    FINDINGS,
    OPEN,
    POINT_STATES,
    ROUND_STATES,
    SCAN,
    SKIP_REASONS,
    SKIPPED,
    STARTED,
    UNDONE,
    WAYS,
)
from people.models import Skill
from tenancy.access import Paths
from tenancy.models import Hospital, Place, Team, TenantModel, Unit
from workorders.models import WorkOrder


class Round(TenantModel):
    """One inspection that is due (巡检任务). What, where and when is the constraint that makes it once.

    Missed is read off the clock: `late_from` is over and it is not done. Points come from the plan when somebody starts, so
    that a changed plan alters only what nobody has touched. Never deleted once it was touched, or missed. Pointers have no
    index of their own: hundreds of thousands are made at once, and lists go by the indexes below.
    """

    hospital = models.ForeignKey(Hospital, models.PROTECT, related_name="+", db_index=False)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="rounds", db_constraint=False, db_index=False)
    checklist = models.ForeignKey(
        Checklist, models.PROTECT, related_name="+", verbose_name=_("checklist"), db_index=False
    )
    edition = models.ForeignKey(
        Edition, models.PROTECT, null=True, related_name="+", db_index=False
    )  # the one in force at the start
    department = models.CharField(_("department"), max_length=20)
    team = models.ForeignKey(
        Team, models.PROTECT, related_name="+", db_constraint=False, verbose_name=_("team"), db_index=False
    )
    skill = models.ForeignKey(Skill, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False)
    place = models.ForeignKey(
        Place, models.PROTECT, related_name="+", db_constraint=False, verbose_name=_("place"), db_index=False
    )
    asset = models.ForeignKey(
        Asset,
        models.PROTECT,
        null=True,
        related_name="rounds",
        db_constraint=False,
        verbose_name=_("asset"),
        db_index=False,
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False)
    part = models.PositiveSmallIntegerField(default=0)  # 1, 2, …: the rest of one that was partly done
    rest_of = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="rests", db_constraint=False, db_index=False
    )
    by_meter = models.BooleanField(default=False)  # raised by the meter, before the calendar
    rolling = models.BooleanField(default=False)  # reckoned from the last completion: one at a time
    minutes = models.PositiveSmallIntegerField(default=30)
    needs_signature = models.BooleanField(default=False)
    statutory = models.BooleanField(default=False)

    due_at = models.DateTimeField(_("due"))
    opens_at = models.DateTimeField()
    late_from = models.DateTimeField()
    state = models.CharField(_("state"), max_length=8, choices=choices(ROUND_STATES), default=DUE)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("technician"),
        db_index=False,
    )
    started_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    done_name = models.CharField(max_length=60, blank=True)
    on_paper = models.BooleanField(default=False)
    signed_at = models.DateTimeField(null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    signed_name = models.CharField(max_length=60, blank=True)
    skip_reason = models.CharField(_("why"), max_length=10, choices=choices(SKIP_REASONS), blank=True)
    skip_note = models.CharField(_("note"), max_length=200, blank=True)
    skip_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False
    )  # skip approved
    level = models.PositiveSmallIntegerField(default=0)  # how many levels have heard that it was missed

    # Summed up when it is done, so that lists and figures read one row.
    points = models.PositiveSmallIntegerField(default=0)  # that count
    points_done = models.PositiveSmallIntegerField(default=0)
    not_counted = models.PositiveSmallIntegerField(default=0)  # in use, or not found
    found = models.PositiveSmallIntegerField(default=0)
    fixed = models.PositiveSmallIntegerField(default=0)  # on the spot
    too_fast = models.PositiveSmallIntegerField(default=0)
    score = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    full_score = models.DecimalField(max_digits=8, decimal_places=2, null=True)

    reach = Paths(
        place="place__path",
        department="department",
        contractor="team__contractor_id",
        unit="unit_id",
        team="team_id",
        own=("assignee_id", "done_by_id"),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="round_hospital_id"),
            models.UniqueConstraint(
                fields=["plan", "asset", "due_at", "part"], name="round_once", nulls_distinct=False
            ),
            models.UniqueConstraint(
                fields=["plan", "asset"],
                condition=Q(rolling=True, state__in=UNDONE, part=0),
                name="round_one_rolling",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                name="round_done", condition=~Q(state=DONE) | Q(done_at__isnull=False, done_by__isnull=False)
            ),
            models.CheckConstraint(
                name="round_started", condition=~Q(state=STARTED) | Q(started_at__isnull=False, edition__isnull=False)
            ),
            models.CheckConstraint(
                name="round_skipped", condition=~Q(state=SKIPPED) | ~Q(skip_reason="") & Q(settled_by__isnull=False)
            ),
            models.CheckConstraint(
                name="round_part", condition=Q(part=0, rest_of__isnull=True) | Q(part__gt=0, rest_of__isnull=False)
            ),
            models.CheckConstraint(
                name="round_window", condition=Q(opens_at__lte=F("due_at"), late_from__gte=F("due_at"))
            ),
        ]
        indexes = [
            models.Index(fields=["hospital", "due_at", "id"], name="round_hospital_due"),
            models.Index(fields=["due_at", "id"], name="round_due"),
            models.Index(fields=["hospital", "done_at"], name="round_done", condition=Q(done_at__isnull=False)),
            models.Index(fields=["team", "due_at", "id"], name="round_team", condition=Q(state__in=UNDONE)),
            models.Index(fields=["assignee", "due_at", "id"], name="round_assignee", condition=Q(state__in=UNDONE)),
            models.Index(fields=["hospital", "late_from"], name="round_undone", condition=Q(state__in=UNDONE)),
            models.Index(fields=["asset", "-due_at"], name="round_asset", condition=Q(asset__isnull=False)),
            models.Index(fields=["plan", "state", "due_at"], name="round_plan"),
            models.Index(fields=["unit", "due_at"], name="round_unit", condition=Q(unit__isnull=False)),
            models.Index(fields=["rest_of"], name="round_rest", condition=Q(rest_of__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {timezone.localtime(self.due_at):%Y-%m-%d}"

    @property
    def status(self) -> State:
        return ROUND_STATES[self.state]


OF_ROUND = Paths(
    place="round__place__path",
    department="round__department",
    contractor="round__team__contractor_id",
    unit="round__unit_id",
    team="round__team_id",
    own=("round__assignee_id", "round__done_by_id"),
)


class Point(TenantModel):
    """One place or asset of a round that was started: when and how it was reached, and whether it was done."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="stops", db_constraint=False)
    order = models.PositiveSmallIntegerField()
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", db_constraint=False)
    asset = models.ForeignKey(Asset, models.PROTECT, null=True, related_name="+", db_constraint=False)
    walk = models.PositiveSmallIntegerField(default=0)  # seconds from the point before, at least
    state = models.CharField(max_length=9, choices=choices(POINT_STATES), default=OPEN)
    way = models.CharField(max_length=5, choices=choices(WAYS), default=SCAN, blank=True)
    reached_at = models.DateTimeField(null=True)  # by the clock of the phone
    left_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)  # when it arrived here
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)
    too_fast = models.BooleanField(default=False)
    reach = OF_ROUND

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="point_hospital_id"),
            models.UniqueConstraint(fields=["round", "order"], name="point_order"),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.asset or self.place}"


class Answer(TenantModel):
    """What was found for one item at one point. Judged at once: `passed` is empty where there is nothing to judge."""

    point = models.ForeignKey(Point, models.PROTECT, related_name="answers", db_constraint=False)
    item = models.ForeignKey(Item, models.PROTECT, related_name="+")
    passed = models.BooleanField(null=True)
    value = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    text = models.CharField(max_length=500, blank=True)  # the text, or the choice
    note = models.CharField(_("note"), max_length=300, blank=True)
    points = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reach = Paths(
        place="point__round__place__path",
        department="point__round__department",
        contractor="point__round__team__contractor_id",
        unit="point__round__unit_id",
        team="point__round__team_id",
        own=("point__round__assignee_id", "point__round__done_by_id"),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="answer_hospital_id"),
            models.UniqueConstraint(fields=["point", "item"], name="answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.passed}"


class Finding(TenantModel):
    """A failed answer and what became of it: fixed on the spot, a work order, a hazard. One answer, one finding."""

    answer = models.OneToOneField(Answer, models.PROTECT, related_name="finding", db_constraint=False)
    round = models.ForeignKey(Round, models.PROTECT, related_name="findings", db_constraint=False)
    became = models.CharField(max_length=6, choices=choices(FINDINGS), default=ASK)
    order = models.ForeignKey(WorkOrder, models.PROTECT, null=True, related_name="findings", db_constraint=False)
    hazard = models.ForeignKey(Hazard, models.PROTECT, null=True, related_name="findings", db_constraint=False)
    note = models.CharField(_("note"), max_length=300, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    penalty = models.DecimalField(max_digits=6, decimal_places=2, default=Decimal(0))  # points lost, in assessments
    reach = OF_ROUND

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="finding_became",
                condition=Q(became__in=("ask", "fixed"), order__isnull=True, hazard__isnull=True)
                | Q(became="order", order__isnull=False, hazard__isnull=True)
                | Q(became="hazard", hazard__isnull=False, order__isnull=True),
            )
        ]
        indexes = [models.Index(fields=["round"], name="finding_round")]

    def __str__(self) -> str:
        return f"{self.answer}: {self.became}"


class Arrival(TenantModel):
    """One thing a phone or a sheet sent for a round and that was taken: by its key it is taken once, however often it comes."""

    round = models.ForeignKey(Round, models.PROTECT, related_name="+", db_constraint=False)
    key = models.UUIDField()
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    append_only = True
    reach = OF_ROUND

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hospital", "key"], name="arrival_once")]

    def __str__(self) -> str:
        return str(self.key)

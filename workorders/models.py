"""The service catalogue of a hospital and its work orders."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils.translation import gettext_lazy as _

from assets.models import Asset
from flow.states import State, choices
from tenancy.access import Paths
from tenancy.models import Contractor, Hospital, Place, Team, TenantModel, Unit
from workorders import work_types
from workorders.handover_models import Handover as Handover
from workorders.limit_models import CalendarDay as CalendarDay
from workorders.limit_models import EscalationStep as EscalationStep
from workorders.limit_models import LimitRules as LimitRules
from workorders.limit_models import Reminder as Reminder
from workorders.limit_models import Unwatched as Unwatched
from workorders.rate_models import LabourRate as LabourRate
from workorders.states import (
    CHANNELS,
    FINAL,
    NORMAL,
    OPEN,
    ROUND,
    RUNNINGS,
    STATES,
    URGENCIES,
    WAITING,
    WAITING_REASONS,
)

# On hold for a reason that stops the clock: such an order is never overdue.
HELD = Q(state=WAITING, clock_runs_on=False)


def held(state: str, clock_runs_on: bool) -> bool:
    """HELD, said of a row that has been read."""
    return state == WAITING and not clock_runs_on


class Service(TenantModel):
    """Something a hospital's departments can be asked for: a row of its service catalogue.

    Shipped services keep their key and take their name from it, in the reader's language, until the hospital writes its own.
    All limits are minutes, round the clock or of the hospital's working time, as the clock of the urgency says.
    """

    key = models.CharField(max_length=60)
    own_name = models.CharField(_("name"), max_length=40, blank=True)
    department = models.CharField(_("department"), max_length=20)
    icon = models.CharField(max_length=30, default="tool")
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False, verbose_name=_("usual team")
    )
    urgency = models.CharField(_("usual urgency"), max_length=8, choices=choices(URGENCIES), default=NORMAL)
    respond_normal = models.PositiveIntegerField(_("respond within, normal"), default=120)
    respond_urgent = models.PositiveIntegerField(_("respond within, urgent"), default=30)
    respond_critical = models.PositiveIntegerField(_("respond within, emergency"), default=10)
    complete_normal = models.PositiveIntegerField(_("complete within, normal"), default=2880)
    complete_urgent = models.PositiveIntegerField(_("complete within, urgent"), default=480)
    complete_critical = models.PositiveIntegerField(_("complete within, emergency"), default=120)
    clock_normal = models.CharField(_("clock, normal"), max_length=7, choices=choices(RUNNINGS), default=ROUND)
    clock_urgent = models.CharField(_("clock, urgent"), max_length=7, choices=choices(RUNNINGS), default=ROUND)
    clock_critical = models.CharField(_("clock, emergency"), max_length=7, choices=choices(RUNNINGS), default=ROUND)
    needs_signature = models.BooleanField(_("signed off by the ward"), default=True)
    is_safety = models.BooleanField(_("safety: never closed unsigned"), default=False)
    usual_minutes = models.PositiveSmallIntegerField(
        _("usual minutes of work"), default=30, validators=[MinValueValidator(1), MaxValueValidator(1440)]
    )
    points = models.DecimalField(_("relative value points"), max_digits=6, decimal_places=2, default=Decimal(1))
    own_musts = ArrayField(models.CharField(max_length=80), default=list, blank=True, verbose_name=_("musts"))
    own_question = models.CharField(_("what the requester is asked"), max_length=80, blank=True)
    active = models.BooleanField(_("offered"), default=True)
    internal = models.BooleanField(default=False)  # nobody asks for it: the platform opens such orders, as complaints
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    reach = Paths(department="department", team="team_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="service_hospital_id"),
            models.UniqueConstraint(fields=["hospital", "key"], name="service_key"),
        ]

    def __str__(self) -> str:
        return self.own_name or str(work_types.label_of(self.key))

    @property
    def musts(self) -> list[str]:
        """What the worker ticks before the work is done; by default the four musts of the consortium's regulation."""
        return list(self.own_musts) or [str(must) for must in work_types.musts_of(self.key)]

    @property
    def question(self) -> str:
        return self.own_question or str(work_types.question_of(self.key))


class Problem(TenantModel):
    """A picture on the report page: what is usually wrong, one tap instead of typing."""

    service = models.ForeignKey(Service, models.PROTECT, related_name="problems", db_constraint=False)
    key = models.CharField(max_length=60)
    own_name = models.CharField(_("name"), max_length=40, blank=True)
    icon = models.CharField(_("picture"), max_length=30, default="tool")
    urgency = models.CharField(_("urgency"), max_length=8, choices=choices(URGENCIES), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=50)
    active = models.BooleanField(_("shown"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="problem_hospital_id"),
            models.UniqueConstraint(fields=["hospital", "key"], name="problem_key"),
        ]

    def __str__(self) -> str:
        return self.own_name or str(work_types.problem_label(self.key))


def settled_at() -> Case:
    """When it was signed, or closed without. A CASE: behind the wall no index serves a COALESCE."""
    return Case(When(signed_at__isnull=False, then="signed_at"), default="closed_at")


class WorkOrder(TenantModel):
    """One piece of work for one department, from the report until it is signed and closed. Never deleted."""

    number = models.CharField(_("number"), max_length=20)  # A-2611-004213
    title = models.CharField(_("what is wrong"), max_length=80)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    service = models.ForeignKey(
        Service, models.PROTECT, related_name="+", db_constraint=False, verbose_name=_("service")
    )
    problem = models.ForeignKey(Problem, models.PROTECT, null=True, related_name="+", db_constraint=False)
    department = models.CharField(_("department"), max_length=20)
    # Pointers whose index stands below, with what it is sorted by, have none of their own.
    place = models.ForeignKey(
        Place, models.PROTECT, related_name="+", db_constraint=False, db_index=False, verbose_name=_("place")
    )
    asset = models.ForeignKey(
        Asset,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="orders",
        db_constraint=False,
        verbose_name=_("asset"),
    )
    unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
        verbose_name=_("unit"),
    )
    reporter = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    reporter_name = models.CharField(_("reported by"), max_length=60, blank=True)
    phone = models.CharField(_("call back"), max_length=30, blank=True)
    channel = models.CharField(_("channel"), max_length=8, choices=choices(CHANNELS))
    urgency = models.CharField(_("urgency"), max_length=8, choices=choices(URGENCIES), default=NORMAL)
    follow_token = models.CharField(max_length=24, null=True)  # how a visitor without account follows it
    form_key = models.UUIDField(null=True, editable=False)  # the second tap on "send" finds the first one's order

    state = models.CharField(_("state"), max_length=10, choices=choices(STATES), default="reported")
    waiting_reason = models.CharField(_("waiting for"), max_length=10, choices=choices(WAITING_REASONS), blank=True)
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False, verbose_name=_("team")
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("technician")
    )
    contractor = models.ForeignKey(Contractor, models.PROTECT, null=True, blank=True, related_name="+")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="children", db_constraint=False, db_index=False
    )
    # The same fault, reported twice: this report ended in the other one, whose `merged` says that there are such.
    duplicate_of = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="duplicates", db_constraint=False, db_index=False
    )
    merged = models.PositiveSmallIntegerField(_("reported again"), default=0)

    reported_at = models.DateTimeField(_("reported"))
    respond_by = models.DateTimeField(_("respond by"))
    due_at = models.DateTimeField(_("due"))  # moved on by coded waiting
    responded_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField(null=True)
    waited_seconds = models.PositiveIntegerField(default=0)
    returned = models.PositiveSmallIntegerField(_("sent back for rework"), default=0)
    reminded_at = models.DateTimeField(null=True)
    clock_runs_on = models.BooleanField(
        default=False, db_default=False
    )  # on hold for a reason that does not stop the clock
    pauses = models.JSONField(
        default=list, db_default=[], blank=True
    )  # [from, until] of each time the clock stood still
    promise = models.PositiveSmallIntegerField(
        default=0, db_default=0
    )  # how often the limits were set anew; reminders start again
    next_alarm_at = models.DateTimeField(null=True)  # when the clocks are looked at next; never once it is done

    cause = models.CharField(_("cause"), max_length=200, blank=True)
    remedy = models.CharField(_("remedy"), max_length=200, blank=True)
    minutes = models.PositiveIntegerField(_("labour, minutes"), default=0)
    cost = models.DecimalField(_("cost, yuan"), max_digits=12, decimal_places=2, default=Decimal(0))
    labour = models.JSONField(
        default=list, db_default=[], blank=True
    )  # its pieces, as workorders/labour.py reckons them
    labour_cost = models.DecimalField(  # their sum, a part of the cost
        _("labour, yuan"), max_digits=12, decimal_places=2, default=Decimal(0), db_default=Decimal(0)
    )
    musts_ticked = ArrayField(models.CharField(max_length=80), default=list, blank=True)

    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_name = models.CharField(_("signed by"), max_length=60, blank=True)
    signed_way = models.CharField(max_length=10, blank=True)  # own, proxy, screen, visitor
    attitude = models.PositiveSmallIntegerField(
        _("attitude"), null=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    skill = models.PositiveSmallIntegerField(
        _("skill"), null=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    speed = models.PositiveSmallIntegerField(
        _("speed"), null=True, validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    rating_comment = models.CharField(max_length=500, blank=True)

    reach = Paths(
        place="place__path",
        department="department",
        contractor="contractor_id",
        unit="unit_id",
        team="team_id",
        own=("reporter_id", "assignee_id"),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="order_hospital_id"),
            models.UniqueConstraint(fields=["hospital", "number"], name="order_number"),
            models.UniqueConstraint(fields=["hospital", "form_key"], name="order_form_key"),
            models.UniqueConstraint(fields=["follow_token"], name="order_follow_token"),
            models.CheckConstraint(
                name="order_closed_iff_final",
                condition=Q(state__in=FINAL, closed_at__isnull=False)
                | (~Q(state__in=FINAL) & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="order_waiting_has_reason",
                condition=Q(state="waiting", waiting_since__isnull=False) & ~Q(waiting_reason="")
                | ~Q(state="waiting") & Q(waiting_since__isnull=True),
            ),
            models.CheckConstraint(
                name="order_signed_after_done", condition=Q(signed_at__isnull=True) | Q(finished_at__isnull=False)
            ),
            models.CheckConstraint(
                name="order_duplicate_is_cancelled",
                condition=Q(duplicate_of__isnull=True) | Q(state="cancelled") & ~Q(duplicate_of=F("id")),
            ),
            models.CheckConstraint(name="order_limits", condition=Q(due_at__gte=F("reported_at"))),
            models.CheckConstraint(
                name="order_stars",
                condition=(Q(attitude__isnull=True) | Q(attitude__range=(1, 5)))
                & (Q(skill__isnull=True) | Q(skill__range=(1, 5)))
                & (Q(speed__isnull=True) | Q(speed__range=(1, 5))),
            ),
        ]
        indexes = [
            models.Index(fields=["hospital", "-reported_at", "-id"], name="order_hospital_reported"),
            models.Index(fields=["-reported_at", "-id"], name="order_reported"),
            models.Index(fields=["hospital", "due_at", "id"], name="order_open_hospital", condition=Q(state__in=OPEN)),
            models.Index(
                fields=["hospital", "-reported_at", "-id"], name="order_open_reported", condition=Q(state__in=OPEN)
            ),  # the newest open ones without sorting all of them
            models.Index(fields=["due_at", "id"], name="order_open", condition=Q(state__in=OPEN)),
            models.Index(fields=["team", "due_at", "id"], name="order_open_team", condition=Q(state__in=OPEN)),
            models.Index(fields=["assignee", "due_at", "id"], name="order_open_assignee", condition=Q(state__in=OPEN)),
            models.Index(fields=["place", "-reported_at"], name="order_place"),
            models.Index(fields=["unit", "-reported_at", "-id"], name="order_unit"),
            models.Index(fields=["reporter", "-reported_at", "-id"], name="order_reporter"),
            models.Index(fields=["asset", "-reported_at", "-id"], name="order_asset", condition=Q(asset__isnull=False)),
            models.Index(fields=["finished_at"], name="order_unsigned", condition=Q(state="done")),
            models.Index(
                fields=["hospital", "next_alarm_at", "id"], name="order_alarm", condition=Q(next_alarm_at__isnull=False)
            ),
            models.Index(
                fields=["hospital", "closed_at"], name="order_hospital_closed", condition=Q(closed_at__isnull=False)
            ),
            models.Index(fields=["parent"], name="order_parent", condition=Q(parent__isnull=False)),
            models.Index(fields=["duplicate_of"], name="order_duplicate", condition=Q(duplicate_of__isnull=False)),
            models.Index(fields=["hospital", "due_at"], name="order_hospital_due"),
            models.Index(fields=["hospital", "finished_at"], name="order_hospital_finished"),
            models.Index(F("hospital"), settled_at(), name="order_hospital_settled"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def status(self) -> State:
        """The state with its words, colour and drawing."""
        return STATES[self.state]

    @property
    def stands_still(self) -> bool:
        """On hold, and its time to finish with it: nobody calls it overdue."""
        return held(self.state, self.clock_runs_on)

    @property
    def how_urgent(self) -> State:
        return URGENCIES[self.urgency]

    @property
    def stars(self) -> float | None:
        """Mean of the three ratings, 1 to 5; None where nobody answered."""
        given = [s for s in (self.attitude, self.skill, self.speed) if s]
        return sum(given) / len(given) if given else None


class Line(TenantModel):
    """What went into an order: labour of a helper, a part, a firm's bill. Amounts in yuan."""

    class Kind(models.TextChoices):
        LABOUR = "labour", _("Labour")
        PART = "part", _("Part")
        CONTRACTOR = "contractor", _("Outside firm")
        OTHER = "other", _("Other")

    order = models.ForeignKey(WorkOrder, models.PROTECT, related_name="lines", db_constraint=False, db_index=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    text = models.CharField(_("what"), max_length=120)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    minutes = models.PositiveIntegerField(_("minutes"), default=0)
    quantity = models.DecimalField(_("quantity"), max_digits=10, decimal_places=2, default=Decimal(1))
    price = models.DecimalField(_("price, yuan"), max_digits=12, decimal_places=2, default=Decimal(0))
    amount = models.DecimalField(_("amount, yuan"), max_digits=12, decimal_places=2, default=Decimal(0))
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(name="line_amounts", condition=Q(quantity__gt=0, price__gte=0, amount__gte=0))
        ]
        indexes = [models.Index(fields=["order", "id"], name="line_order")]

    def __str__(self) -> str:
        return f"{self.text} {self.amount}"


class NumberBlock(TenantModel):
    """How far the order numbers of a hospital's month are given out; taken in blocks, so gaps are normal."""

    hospital = models.ForeignKey(Hospital, models.PROTECT, related_name="+", db_constraint=False)
    month = models.CharField(max_length=4)  # "2611"
    used = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hospital", "month"], name="number_block")]

    def __str__(self) -> str:
        return f"{self.month}: {self.used}"

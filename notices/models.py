"""What people are told inside the site, what goes out to them, and how they like to be told."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flow import states as flow
from notices.rules import rule_of
from notices.sealed import SealedField
from notices.states import CHANNELS, CLAIMED, DUE, ROBOTS, STATES, TROUBLE, WAITING
from tenancy.access import Paths
from tenancy.models import Place, Team, TenantModel

HOURLY, DAILY = "hour", "day"
MORNING = time(8)


class Notice(TenantModel):
    """One event, told to one person, exactly once. Its words are made when it is read, in the reader's language."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
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


class Robot(TenantModel):
    """A robot in a chat group of WeCom, DingTalk or Feishu. Its key and secret are kept sealed and never shown again."""

    kind = models.CharField(_("messenger"), max_length=10, choices=ROBOTS)
    name = models.CharField(_("name of the group"), max_length=60)
    base_url = models.CharField(max_length=200)  # hospitals run private editions; without a slash at the end
    key = SealedField()
    secret = SealedField(blank=True)  # signs the request, where the group asks for it
    keyword = models.CharField(_("keyword"), max_length=40, blank=True)  # without it some groups refuse a message
    department = models.CharField(_("department"), max_length=20, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False)
    kinds = ArrayField(models.CharField(max_length=80), default=list)  # of notices/rules.py
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    is_on = models.BooleanField(_("switched on"), default=True)
    rests_until = models.DateTimeField(null=True)  # it was sent too much, or did not answer: nothing goes there before
    reach = Paths(department="department", team="team_id")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hospital", "id"], name="robot_hospital_id")]

    def __str__(self) -> str:
        return self.name

    def last_messages(self) -> list[Delivery]:
        return list(self.deliveries.order_by("-id")[:10])


class Delivery(TenantModel):
    """The outbox: one event on its way to one person's mailbox or one group. Written in the event's transaction.

    Claimed, sent and recorded in three transactions, so that nothing waits for a network inside one. `message_id` is
    given with the first claim and never changes: a repeat can be recognised. Between `created_at` and `sent_at` lies
    how long a notice was on its way.
    """

    event_id = models.BigIntegerField(null=True)  # flow.Event; none: a test message
    channel = models.CharField(max_length=10, choices=CHANNELS)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="+")
    robot = models.ForeignKey(
        Robot, models.CASCADE, null=True, related_name="deliveries", db_constraint=False, db_index=False
    )
    subject = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    verb = models.CharField(max_length=30)
    title = models.CharField(max_length=120)
    data = models.JSONField(default=dict)
    pressing = models.BooleanField(default=False)  # goes through quiet hours and digests
    collected = models.BooleanField(default=False)  # waits for the person's digest
    state = models.CharField(max_length=10, choices=flow.choices(STATES), default=WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    next_at = models.DateTimeField(default=timezone.now)
    claimed_at = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=60, blank=True)
    message_id = models.CharField(max_length=40, blank=True)
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="delivery_hospital_id"),
            models.UniqueConstraint(fields=["event_id", "user"], name="delivery_once_person"),
            models.UniqueConstraint(fields=["event_id", "robot"], name="delivery_once_robot"),
            models.CheckConstraint(
                name="delivery_person_or_robot",
                condition=Q(user__isnull=False, robot__isnull=True) | Q(user__isnull=True, robot__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["hospital", "next_at", "id"], name="delivery_due", condition=Q(state__in=DUE)),
            models.Index(fields=["claimed_at"], name="delivery_claimed", condition=Q(state=CLAIMED)),
            models.Index(fields=["-id"], name="delivery_trouble", condition=Q(state__in=TROUBLE)),
            models.Index(fields=["hospital", "-id"], name="delivery_trouble_hospital", condition=Q(state__in=TROUBLE)),
            models.Index(fields=["robot", "-id"], name="delivery_robot", condition=Q(robot__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def standing(self) -> flow.State:
        return STATES[self.state]


class Preference(models.Model):
    """How one person likes to be told, at all their hospitals. Outside the wall, like the language."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    choices = models.JSONField(default=dict)  # kind of event → bell, mail or none; what is missing is as shipped
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("until"), null=True, blank=True)
    digest = models.CharField(
        _("e-mail"), max_length=4, blank=True,
        choices=[("", _("at once")), (HOURLY, _("once an hour")), (DAILY, _("once a day"))],
    )  # fmt: skip
    digest_at = models.TimeField(_("daily at"), default=MORNING)

    def __str__(self) -> str:
        return str(self.user_id)

    def quiet_end(self, now: datetime) -> datetime | None:
        """When the quiet hours that are running now end; None outside them."""
        if self.quiet_from is None or self.quiet_until is None or self.quiet_from == self.quiet_until:
            return None
        here, begins, ends = timezone.localtime(now), self.quiet_from, self.quiet_until
        if begins < ends:
            running, tomorrow = begins <= here.time() < ends, False
        else:
            running, tomorrow = here.time() >= begins or here.time() < ends, here.time() >= begins
        return _at(here, ends, days=int(tomorrow)) if running else None

    def next_digest(self, now: datetime) -> datetime | None:
        """When what happens now is mailed together with the rest; None: at once."""
        here = timezone.localtime(now)
        if self.digest == HOURLY:
            return here.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        if self.digest == DAILY:
            return _at(here, self.digest_at, days=int(here.time() >= self.digest_at))
        return None


def _at(here: datetime, clock: time, *, days: int) -> datetime:
    day = here.date() + timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, clock), here.tzinfo)


class Announcement(TenantModel):
    """Something everybody concerned must know for a while: "water off 14–16 h, building 3"."""

    text = models.CharField(_("text"), max_length=200)
    starts_at = models.DateTimeField(_("shown from"))
    ends_at = models.DateTimeField(_("shown until"))
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False)
    department = models.CharField(max_length=20, blank=True)  # whose head announced it
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_by_name = models.CharField(max_length=60)
    made_at = models.DateTimeField(default=timezone.now)
    reach = Paths(place="place__path", department="department")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="announcement_hospital_id"),
            models.CheckConstraint(name="announcement_order", condition=Q(ends_at__gte=models.F("starts_at"))),
        ]
        indexes = [
            models.Index(fields=["hospital", "ends_at"], name="announcement_ends"),
            models.Index(fields=["hospital", "-id"], name="announcement_newest_hospital"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()


class Dismissal(TenantModel):
    """One person has put one announcement away."""

    announcement = models.ForeignKey(Announcement, models.CASCADE, related_name="dismissals", db_constraint=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    reach = Paths(own=("user_id",))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["announcement", "user"], name="dismissal_once")]

    def __str__(self) -> str:
        return str(self.announcement_id)

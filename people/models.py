"""Skills, rosters, on-call duty and absences of the people of a hospital."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from people.states import SUGGESTED, Level, Line, Reason
from tenancy.access import Paths
from tenancy.models import Contractor, Membership, Team, TenantModel

OF_MEMBER = Paths(
    department="member__team__department",
    contractor="member__contractor_id",
    unit="member__unit_id",
    team="member__team_id",
    own=("member__user_id",),
)


def _member(related: str = "+", **more: Any) -> Any:
    options = {"related_name": related, "db_constraint": False, "verbose_name": _("person"), **more}
    return models.ForeignKey(Membership, models.PROTECT, **options)


class Skill(TenantModel):
    """Something a person must master, often with a certificate, before they may be sent: 电工证, 焊工证.

    Suggested skills keep their key and take their name from it, in the reader's language, until the hospital writes its own.
    """

    key = models.CharField(max_length=30)
    own_name = models.CharField(_("name"), max_length=40, blank=True)
    active = models.BooleanField(pgettext_lazy("of a skill", "in use"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="skill_hospital_id"),
            models.UniqueConstraint(fields=["hospital", "key"], name="skill_key"),
        ]

    def __str__(self) -> str:
        return self.own_name or str(SUGGESTED.get(self.key, self.key))


class PersonSkill(TenantModel):
    """A skill of one person. After `valid_until` (the last day) it no longer counts. `SkillTerm` knows since when it did."""

    member = _member("skills")
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="people", db_constraint=False)
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices, null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    reach = OF_MEMBER

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hospital", "member", "skill"], name="person_skill_once")]
        indexes = [models.Index(fields=["member"], name="person_skill_member")]

    def __str__(self) -> str:
        return f"{self.member}: {self.skill}"


class SkillTerm(TenantModel):
    """From when until when somebody held a certificate, both days included; no last day: for good. Renewing it adds another,
    the days between lack one. They stay when the skill is taken from the person's list."""

    member = _member("skill_terms", db_index=False)
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+", db_constraint=False)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True)
    document = models.CharField(_("number of the certificate"), max_length=60, blank=True)
    reach = OF_MEMBER

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "skill", "valid_from"], name="skill_term_once"),
            models.CheckConstraint(
                name="skill_term_days", condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.skill} {self.valid_from} – {self.valid_until or ''}"


class ServiceSkill(TenantModel):
    """Who does this service needs this skill. The service is named by its key: the catalogue stands above this room."""

    service_key = models.CharField(max_length=60)
    department = models.CharField(_("department"), max_length=20)
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="services", db_constraint=False)
    reach = Paths(department="department")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hospital", "service_key", "skill"], name="service_skill_once")]

    def __str__(self) -> str:
        return f"{self.service_key}: {self.skill}"


class Shift(TenantModel):
    """A named span of the day a team works in. One that ends when or before it begins ends on the next day."""

    team = models.ForeignKey(Team, models.PROTECT, related_name="shifts", db_constraint=False, db_index=False)
    name = models.CharField(_("name"), max_length=12)
    starts = models.TimeField(_("from"))
    ends = models.TimeField(_("until"))
    last_day = models.DateField(_("last day"), null=True, blank=True)  # set: given up; later cells no longer count
    reach = Paths(department="team__department", contractor="team__contractor_id", team="team_id")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hospital", "id"], name="shift_hospital_id")]
        indexes = [models.Index(fields=["team", "starts"], name="shift_team")]

    def __str__(self) -> str:
        return self.name

    @property
    def crosses_midnight(self) -> bool:
        return self.ends <= self.starts


class ShiftSkill(TenantModel):
    """Who works this shift needs this certificate, from a day on until it is no longer asked."""

    shift = models.ForeignKey(Shift, models.PROTECT, related_name="needs", db_constraint=False, db_index=False)
    skill = models.ForeignKey(Skill, models.PROTECT, related_name="+", db_constraint=False)
    first_day = models.DateField()
    last_day = models.DateField(null=True)
    reach = Paths(department="shift__team__department", contractor="shift__team__contractor_id", team="shift__team_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shift", "skill", "first_day"], name="shift_skill_once"),
            models.CheckConstraint(
                name="shift_skill_days", condition=Q(last_day__isnull=True) | Q(last_day__gte=F("first_day"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.shift}: {self.skill}"


class WorkedShift(TenantModel):
    """One person in one shift that needs a certificate, on a day that is over: was there one that was valid that day?

    By the terms of the certificates (`SkillTerm`): one renewed later does not make the past certified; one that is entered
    late with its true days does.
    """

    member = _member(db_index=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    shift = models.ForeignKey(
        Shift, models.PROTECT, related_name="+", db_constraint=False, db_index=False, verbose_name=_("shift")
    )
    worked_on = models.DateField(_("day"))
    team = models.ForeignKey(
        Team, models.PROTECT, related_name="+", db_constraint=False, db_index=False, verbose_name=_("team")
    )
    department = models.CharField(_("department"), max_length=20)
    contractor = models.ForeignKey(Contractor, models.PROTECT, null=True, related_name="+", db_index=False)
    certified = models.BooleanField(_("certified"))
    lacks = models.CharField(_("certificates that were missing or had run out"), max_length=200, blank=True)
    reach = Paths(department="department", contractor="contractor_id", team="team_id", own=("person_id",))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "shift", "worked_on"], name="worked_shift_once")]
        indexes = [
            models.Index(fields=["hospital", "-worked_on", "-id"], name="worked_shift_hospital"),
            models.Index(fields=["-worked_on", "-id"], name="worked_shift_all"),
        ]

    def __str__(self) -> str:
        return f"{self.worked_on} {self.member} {self.shift}"


class Pattern(TenantModel):
    """What somebody works on a weekday (0 Monday … 6 Sunday) from a day on, until a later line. No shift: free.

    Changing the standard week adds a line and leaves the past as it was.
    """

    member = _member("pattern")
    weekday = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    shift = models.ForeignKey(Shift, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False)
    reach = OF_MEMBER

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "weekday", "starts_on"], name="pattern_once"),
            models.CheckConstraint(name="pattern_weekday", condition=Q(weekday__lt=7)),
        ]
        indexes = [models.Index(fields=["shift"], name="pattern_shift")]

    def __str__(self) -> str:
        return f"{self.member} {self.weekday} {self.shift}"


class DayChange(TenantModel):
    """One day that differs from the standard week: another shift, off (no shift), or an extra one on top."""

    member = _member("day_changes")
    day = models.DateField()
    shift = models.ForeignKey(Shift, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False)
    extra = models.BooleanField(default=False)
    reach = OF_MEMBER

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "day"], condition=Q(extra=False), name="day_change_once"),
            models.UniqueConstraint(
                fields=["member", "day", "shift"], condition=Q(extra=True), name="day_change_extra_once"
            ),
            models.CheckConstraint(name="day_change_extra", condition=Q(extra=False) | Q(shift__isnull=False)),
        ]
        indexes = [models.Index(fields=["shift", "day"], name="day_change_shift")]

    def __str__(self) -> str:
        return f"{self.member} {self.day} {self.shift}"


class Duty(TenantModel):
    """Who is called in one night or on one free day: of a team, of a department, or the hospital's duty officer.

    It begins on `day`; one that ends when or before it begins ends on the next day.
    """

    line = models.CharField(max_length=8, choices=Line.choices, default=Line.FIRST)
    department = models.CharField(_("department"), max_length=20, blank=True)  # empty: the duty officer's
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False)
    day = models.DateField(_("day"))
    starts = models.TimeField(_("from"), default=time(17, 30))
    ends = models.TimeField(_("until"), default=time(8, 0))
    member = _member("duties")
    reach = Paths(department="department", contractor="team__contractor_id", team="team_id", own=("member__user_id",))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "day", "line", "department", "team"], name="duty_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="duty_of_whom",
                condition=Q(line="officer", department="", team__isnull=True)
                | (~Q(line="officer") & ~Q(department="")),
            ),
        ]
        indexes = [models.Index(fields=["member", "day"], name="duty_member")]

    def __str__(self) -> str:
        return f"{self.day} {self.member}"


class Absence(TenantModel):
    """Somebody is away, from a day until a day, both included."""

    member = _member("absences")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices, default=Reason.ILL)
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("until"))
    note = models.CharField(_("note"), max_length=200, blank=True)
    withdrawn = models.BooleanField(default=False)  # entered by mistake, or over before it began
    reach = OF_MEMBER

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="absence_hospital_id"),
            models.CheckConstraint(name="absence_order", condition=Q(last_day__gte=F("first_day"))),
        ]
        indexes = [
            models.Index(fields=["member", "last_day"], name="absence_member"),
            models.Index(fields=["hospital", "-first_day", "-id"], name="absence_hospital"),
            models.Index(fields=["-first_day", "-id"], name="absence_all"),
        ]

    def __str__(self) -> str:
        return f"{self.member}: {self.get_reason_display()}"

    @property
    def goes_on(self) -> bool:
        """Can the person still come back from it?"""
        return not self.withdrawn and self.last_day >= timezone.localdate()

    @property
    def has_begun(self) -> bool:
        return self.first_day <= timezone.localdate()

"""Consortium, hospitals and what stands in them; who works where; who may do what.

Outside the wall stand only keys (`tenancy.fences.OUTSIDE` lists them, each with its reason). Every other row belongs to
one hospital (`TenantModel`) or to the consortium (`ConsortiumModel`).
"""

from __future__ import annotations

import secrets
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenancy import access


class Consortium(models.Model):
    """A group of hospitals under one logistics office (医联体)."""

    name = models.CharField(_("name"), max_length=100)
    reach = access.Paths(hospital="", consortium="id")

    def __str__(self) -> str:
        return self.name


class ScopedQuerySet(models.QuerySet[Any]):
    def for_user(self, user: Any, permission: str) -> Self:
        """Exactly the rows on which `user` holds `permission`."""
        return self.filter(access.where(user, permission, self.model))


class Hospital(models.Model):
    """A member institution: the tenant. Every row of work belongs to exactly one."""

    class Kind(models.TextChoices):
        GENERAL = "general", _("General hospital")
        DISTRICT = "district", _("District hospital")
        COMMUNITY = "community", _("Community health centre")

    consortium = models.ForeignKey(Consortium, models.PROTECT)
    code = models.CharField(_("code"), max_length=6, unique=True)  # upper case; begins every order number
    name = models.CharField(_("name"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=20)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.GENERAL)
    beds = models.PositiveIntegerField(_("beds"), default=0)
    area = models.PositiveIntegerField(_("floor area, m²"), default=0)
    staff = models.PositiveIntegerField(_("staff"), default=0)
    modules = ArrayField(models.CharField(max_length=20), default=list, blank=True)  # departments switched on
    unsigned_after_hours = models.PositiveSmallIntegerField(_("close unsigned work after, hours"), default=72)
    is_open = models.BooleanField(default=True)
    objects = ScopedQuerySet.as_manager()
    reach = access.Paths(hospital="id")

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Contractor(models.Model):
    """A firm that hospitals outsourced work to. Only its name stands here; what a hospital knows of it is fenced."""

    consortium = models.ForeignKey(Consortium, models.PROTECT)
    name = models.CharField(_("name"), max_length=100)
    registration_number = models.CharField(_("registration number"), max_length=30, blank=True)
    objects = ScopedQuerySet.as_manager()
    reach = access.Paths(hospital="", consortium="consortium_id")

    def __str__(self) -> str:
        return self.name


class TenantModel(models.Model):
    """A row of one hospital, fenced by row-level security.

    `reach` names the look-ups by which a grant may be narrowed to part of the hospital. A model that lacks one of them
    is invisible to grants narrowed by it.
    """

    hospital = models.ForeignKey(Hospital, models.PROTECT, related_name="+")
    objects = ScopedQuerySet.as_manager()
    reach = access.Paths()
    append_only = False

    class Meta:
        abstract = True


class ConsortiumModel(models.Model):
    """A row that all hospitals of a consortium share: fenced by consortium."""

    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="+")
    objects = ScopedQuerySet.as_manager()
    reach = access.Paths(hospital="", consortium="consortium_id")
    append_only = False

    class Meta:
        abstract = True


class SpanModel(ConsortiumModel):
    """A row about several hospitals of a consortium at once: there only where all that it names are in scope."""

    hospitals = ArrayField(models.BigIntegerField(), default=list)  # empty: about none in particular

    class Meta:
        abstract = True


class Place(TenantModel):
    """A node of a hospital's tree: campus, building, floor, room, or the hospital itself."""

    class Kind(models.TextChoices):
        HOSPITAL = "hospital", _("Hospital")
        CAMPUS = "campus", _("Campus")
        BUILDING = "building", _("Building")
        FLOOR = "floor", _("Floor")
        ROOM = "room", _("Room")

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", db_constraint=False
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    code = models.CharField(_("code"), max_length=30, blank=True)
    name = models.CharField(_("name"), max_length=80)
    full_name = models.CharField(
        max_length=300, editable=False, default=""
    )  # 门诊楼 / 3 层 / 护士站, without the hospital
    initials = models.CharField(max_length=100, editable=False, default="")  # pinyin initials of the name, for look-up
    phone = models.CharField(_("extension"), max_length=20, blank=True)
    path = models.TextField(editable=False, default="", db_collation="C")  # "00000001.00000042."
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    reach = access.Paths(place="path")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="place_hospital_id"),
            models.UniqueConstraint(fields=["hospital", "code"], condition=~Q(code=""), name="place_code"),
            models.CheckConstraint(
                name="place_root_is_hospital", condition=Q(parent__isnull=False) | Q(kind="hospital")
            ),
        ]
        indexes = [
            models.Index(fields=["path"], name="place_path"),
            models.Index(fields=["hospital", "path"], name="place_hospital_path"),
            models.Index(fields=["hospital", "parent", "name"], name="place_children"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.name

    @property
    def paths_above(self) -> list[str]:
        """The paths of its campus, building, floor, …, and its own."""
        return [self.path[: end + 1] for end, sign in enumerate(self.path) if sign == "."]

    @staticmethod
    def within(path: str, lookup: str = "path") -> Q:
        """Rows at the place with this path or below it. A range, not LIKE: the index serves it behind the wall."""
        return Q(**{f"{lookup}__gte": path, f"{lookup}__lt": access.path_end(path)})


class Unit(TenantModel):
    """A clinical or administrative department of the hospital (科室): who reports, and whom costs fall on."""

    class Kind(models.TextChoices):
        CLINICAL = "clinical", _("Clinical")
        TECHNICAL = "technical", _("Medical technology")
        ADMINISTRATIVE = "administrative", _("Administrative")
        LOGISTICS = "logistics", _("Logistics")

    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=60)
    initials = models.CharField(max_length=60, editable=False, default="")
    kind = models.CharField(_("kind"), max_length=15, choices=Kind.choices, default=Kind.CLINICAL)
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False)
    phone = models.CharField(_("extension"), max_length=20, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    reach = access.Paths(unit="id")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="unit_hospital_id"),
            models.UniqueConstraint(fields=["hospital", "code"], name="unit_code"),
        ]

    def __str__(self) -> str:
        return self.name


class Team(TenantModel):
    """A crew of one logistics department (班组), the hospital's own or a contractor's."""

    department = models.CharField(_("department"), max_length=20)
    name = models.CharField(_("name"), max_length=40)
    contractor = models.ForeignKey(Contractor, models.PROTECT, null=True, blank=True, related_name="+")
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    reach = access.Paths(department="department", contractor="contractor_id", team="id")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="team_hospital_id"),
            models.UniqueConstraint(fields=["hospital", "department", "name"], name="team_name"),
        ]

    def __str__(self) -> str:
        return self.name


class Engagement(TenantModel):
    """A contractor runs a department's work at a hospital, from a day until a day (both included)."""

    contractor = models.ForeignKey(Contractor, models.PROTECT, related_name="engagements")
    department = models.CharField(_("department"), max_length=20)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    reach = access.Paths(department="department", contractor="contractor_id")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="engagement_order", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on"))
            )
        ]

    def __str__(self) -> str:
        return str(self.contractor)


class Membership(TenantModel):
    """A person's place at a hospital: staff number, unit, team, phone. Ends when the person leaves."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="members", db_constraint=False)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="members", db_constraint=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT, null=True, blank=True, related_name="+")
    staff_number = models.CharField(_("staff number"), max_length=20)
    name = models.CharField(pgettext_lazy("of a person", "name"), max_length=60)
    initials = models.CharField(max_length=60, editable=False, default="")
    phone = models.CharField(_("phone"), max_length=20, blank=True)
    post = models.CharField(_("post"), max_length=40, blank=True)
    is_leader = models.BooleanField(_("team leader"), default=False)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    reach = access.Paths(contractor="contractor_id", unit="unit_id", team="team_id", own=("user_id",))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="membership_hospital_id"),
            models.UniqueConstraint(fields=["hospital", "staff_number"], name="membership_staff_number"),
            models.UniqueConstraint(
                fields=["hospital", "user"], condition=Q(ends_on__isnull=True), name="membership_one_open"
            ),
        ]
        indexes = [models.Index(fields=["user"], name="membership_user")]

    def __str__(self) -> str:
        return self.name


class Role(models.Model):
    """A bundle of permissions, shipped by the platform and its departments, editable per consortium."""

    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="roles")
    key = models.CharField(max_length=40)
    own_name = models.CharField(_("name"), max_length=40, blank=True)  # empty: the shipped name, translated
    permissions = ArrayField(models.CharField(max_length=60), default=list)
    retired = models.BooleanField(default=False)
    changed = models.BooleanField(default=False)  # edited here: new shipped permissions do not flow in by themselves
    objects = ScopedQuerySet.as_manager()
    reach = access.Paths(hospital="", consortium="consortium_id")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consortium", "key"], name="role_key")]

    def __str__(self) -> str:
        from tenancy.roles import label_of

        return self.own_name or str(label_of(self.key))


class Grant(models.Model):
    """This role, for this person, at a consortium or a hospital; narrowed to a part of it where a field is set."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="grants")
    role = models.ForeignKey(Role, models.PROTECT, related_name="grants")
    consortium = models.ForeignKey(Consortium, models.PROTECT, null=True, blank=True, related_name="+")
    hospital = models.ForeignKey(Hospital, models.PROTECT, null=True, blank=True, related_name="+")
    place = models.ForeignKey(Place, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False)
    department = models.CharField(_("department"), max_length=20, blank=True)
    contractor = models.ForeignKey(Contractor, models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False)
    own = models.BooleanField(pgettext_lazy("scope of a grant", "only what is theirs"), default=False)
    starts_on = models.DateField(_("from"), default=timezone.localdate)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField(default=timezone.now)
    objects = ScopedQuerySet.as_manager()
    reach = access.Paths(
        consortium="consortium_id",
        place="place__path",
        department="department",
        contractor="contractor_id",
        unit="unit_id",
        team="team_id",
        own=("user_id",),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="grant_consortium_xor_hospital",
                condition=Q(consortium__isnull=True, hospital__isnull=False)
                | Q(consortium__isnull=False, hospital__isnull=True),
            ),
            models.CheckConstraint(
                name="grant_part_needs_hospital",
                condition=Q(hospital__isnull=False) | Q(place__isnull=True, unit__isnull=True, team__isnull=True),
            ),
        ]
        indexes = [models.Index(fields=["user"], name="grant_user")]

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"


def door_token() -> str:
    return secrets.token_urlsafe(12)


class Door(models.Model):
    """What a printed QR code opens: a random token for a place or an asset. It lets in, it never names an id."""

    token = models.CharField(max_length=24, primary_key=True, default=door_token)
    hospital = models.ForeignKey(Hospital, models.PROTECT, related_name="+")
    place_id = models.BigIntegerField()
    asset_id = models.BigIntegerField(null=True)
    made_at = models.DateTimeField(default=timezone.now)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "place_id"],
                condition=Q(asset_id__isnull=True, revoked_at__isnull=True),
                name="door_one_per_place",
            ),
            models.UniqueConstraint(
                fields=["hospital", "asset_id"],
                condition=Q(asset_id__isnull=False, revoked_at__isnull=True),
                name="door_one_per_asset",
            ),
        ]

    def __str__(self) -> str:
        return self.token


class Refusal(models.Model):
    """Somebody was told no: who, what, where. Written after the refused action was rolled back. Append-only."""

    at = models.DateTimeField(default=timezone.now, db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    path = models.CharField(max_length=300)
    method = models.CharField(max_length=8)
    status = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(null=True)

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.path} {self.status}"

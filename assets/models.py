"""One register of everything that is kept in order: building systems, plant, medical devices, vehicles."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assets.states import CRITICALITY, DUTIES, KEEPER, STATES
from flow.states import choices
from tenancy import modules
from tenancy.access import Paths
from tenancy.models import ConsortiumModel, Place, TenantModel, Unit


class Kind(ConsortiumModel):
    """A class of equipment, the same in all hospitals: lift, chiller, infusion pump."""

    class Family(models.TextChoices):
        BUILDING = "building", _("Building systems and plant")
        MEDICAL = "medical", _("Medical devices")
        OTHER = "other", _("Furniture, vehicles and others")

    name = models.CharField(_("name"), max_length=60)
    family = models.CharField(_("family"), max_length=10, choices=Family.choices)
    department = models.CharField(_("kept by the department"), max_length=20, default=KEEPER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consortium", "name"], name="asset_kind_name")]
        ordering = ["family", "name"]

    def __str__(self) -> str:
        return self.name


class Asset(TenantModel):
    """One thing with a number of its own that is kept in order, from the power transformer to the infusion pump."""

    kind = models.ForeignKey(Kind, models.PROTECT, related_name="assets", verbose_name=_("kind"))
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", db_constraint=False, verbose_name=_("place"))
    custodian = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        verbose_name=_("custodian unit"),
    )
    department = models.CharField(_("kept by the department"), max_length=20, default=KEEPER)
    code = models.CharField(_("asset code"), max_length=30)
    name = models.CharField(_("name"), max_length=80)
    initials = models.CharField(max_length=80, editable=False, default="")  # pinyin initials, for look-up
    state = models.CharField(_("state"), max_length=10, choices=choices(STATES), default="in_use")
    criticality = models.CharField(_("criticality"), max_length=8, choices=choices(CRITICALITY), default="normal")
    maker = models.CharField(_("maker"), max_length=60, blank=True)
    model = models.CharField(_("model"), max_length=60, blank=True)
    serial = models.CharField(_("serial number"), max_length=60, blank=True)
    supplier = models.CharField(_("supplier"), max_length=80, blank=True)
    bought_on = models.DateField(_("bought on"), null=True, blank=True)
    warranty_until = models.DateField(_("warranty until"), null=True, blank=True)
    value = models.DecimalField(_("value, yuan"), max_digits=14, decimal_places=2, null=True, blank=True)
    note = models.TextField(_("note"), max_length=1000, blank=True)
    reach = Paths(place="place__path", unit="custodian_id", department="department")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="asset_hospital_id"),
            models.UniqueConstraint(fields=["hospital", "code"], name="asset_code"),
            models.CheckConstraint(name="asset_value", condition=Q(value__isnull=True) | Q(value__gte=0)),
        ]
        indexes = [
            models.Index(fields=["hospital", "place"], name="asset_place"),
            models.Index(fields=["code", "id"], name="asset_code_all"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def keeper(self) -> Any:
        """The name of the department that keeps it in order."""
        return modules.label_of(self.department)


class AssetState(TenantModel):
    """A span in which an asset stood in one state at one place, in one keeping. Open until it stands otherwise.

    The database writes it beside the asset, whoever changes that: a step, an edit, an import, a merge of places.
    """

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="states", db_constraint=False)
    state = models.CharField(_("state"), max_length=10, choices=choices(STATES))
    department = models.CharField(_("kept by the department"), max_length=20)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    custodian = models.ForeignKey(
        Unit, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    began_at = models.DateTimeField(_("from"))
    ended_at = models.DateTimeField(_("until"), null=True)
    reach = Paths(place="place__path", unit="custodian_id", department="department")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset"], condition=Q(ended_at__isnull=True), name="asset_state_one_open"),
            models.CheckConstraint(
                name="asset_state_order", condition=Q(ended_at__isnull=True) | Q(ended_at__gt=models.F("began_at"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.asset} {self.state} {self.began_at:%Y-%m-%d}"


class Meter(TenantModel):
    """What counts on an asset: running hours, starts, kilometres, kilowatt-hours. It only rises, until it is replaced."""

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="meters", db_constraint=False)
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=40)
    unit = models.CharField(_("unit of measurement"), max_length=12, blank=True)
    value = models.DecimalField(_("reading"), max_digits=14, decimal_places=1, null=True, blank=True)  # the newest
    read_at = models.DateTimeField(null=True)
    reach = Paths(place="asset__place__path", unit="asset__custodian_id", department="asset__department")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="meter_hospital_id"),
            models.UniqueConstraint(fields=["asset", "name"], name="meter_name"),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """What it is called, in the reader's language where the platform gave the name."""
        from assets.meters import called  # the verbs know the rows, so the rows ask them late

        return called(self.name)


class Reading(TenantModel):
    """What a meter showed at a moment. `total` goes on over replaced meters, so that differences are use."""

    meter = models.ForeignKey(Meter, models.PROTECT, related_name="readings", db_constraint=False)
    at = models.DateTimeField()
    value = models.DecimalField(max_digits=14, decimal_places=1)
    total = models.DecimalField(max_digits=16, decimal_places=1)
    replaced = models.BooleanField(default=False)  # the first reading of a new meter
    source = models.CharField(
        max_length=60, blank=True
    )  # "inspections.answer:17"; a second arrival is the same reading
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    append_only = True
    reach = Paths(
        place="meter__asset__place__path", unit="meter__asset__custodian_id", department="meter__asset__department"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meter", "at"], name="reading_once"),
            models.CheckConstraint(name="reading_rises", condition=Q(value__gte=0, total__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.meter} {self.value}"


class Downtime(TenantModel):
    """A span in which an asset could not be used. Open until it works again; from it the intact rate is reckoned."""

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="downtimes", db_constraint=False)
    began_at = models.DateTimeField(_("out of order from"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    planned = models.BooleanField(_("planned"), default=False)
    order_number = models.CharField(max_length=20, blank=True)  # of the work order, as text: orders stand above
    reach = Paths(place="asset__place__path", unit="asset__custodian_id", department="asset__department")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["asset"], condition=Q(ended_at__isnull=True), name="downtime_one_open"),
            models.CheckConstraint(
                name="downtime_order", condition=Q(ended_at__isnull=True) | Q(ended_at__gte=models.F("began_at"))
            ),
        ]
        indexes = [models.Index(fields=["hospital", "-began_at", "-id"], name="downtime_hospital")]

    def __str__(self) -> str:
        return f"{self.asset} {self.began_at:%Y-%m-%d}"


class AssetDuty(TenantModel):
    """A day by which the law wants something done with an asset: 特种设备定期检验, 消防设施全面检测. Renewed, never deleted."""

    asset = models.ForeignKey(Asset, models.PROTECT, related_name="duties", db_constraint=False)
    kind = models.CharField(_("duty"), max_length=8, choices=choices(DUTIES))
    name = models.CharField(_("what it is called"), max_length=60, blank=True)  # where the kind does not say it
    law = models.CharField(_("law or standard"), max_length=120, blank=True)
    clause = models.CharField(_("clause"), max_length=60, blank=True)
    done_on = models.DateField(_("last done"), null=True, blank=True)
    due_on = models.DateField(_("valid until"))  # the last day
    apply_by = models.DateField(_("apply by"), null=True, blank=True)  # before it ends
    applied_on = models.DateField(_("applied on"), null=True, blank=True)
    document = models.CharField(_("number of the certificate"), max_length=60, blank=True)
    reach = Paths(place="asset__place__path", unit="asset__custodian_id", department="asset__department")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="asset_duty_hospital_id"),
            models.UniqueConstraint(fields=["asset", "kind", "name"], name="asset_duty_once"),
            models.CheckConstraint(
                name="asset_duty_days", condition=Q(done_on__isnull=True) | Q(due_on__gte=models.F("done_on"))
            ),
        ]
        indexes = [models.Index(fields=["hospital", "due_on"], name="asset_duty_due")]

    def __str__(self) -> str:
        return self.name or str(DUTIES[self.kind].label)

    @property
    def next_on(self) -> date:
        """The next last day: to apply by, while nobody has; then the end itself."""
        return next_day(self.due_on, self.apply_by, self.applied_on)


class DutyTerm(TenantModel):
    """From when until when a duty was fulfilled, both days included. Renewing it adds another; the days between lack one."""

    duty = models.ForeignKey(AssetDuty, models.PROTECT, related_name="terms", db_constraint=False)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"))
    document = models.CharField(_("number of the certificate"), max_length=60, blank=True)
    reach = Paths(
        place="duty__asset__place__path", unit="duty__asset__custodian_id", department="duty__asset__department"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["duty", "valid_from"], name="duty_term_once"),
            models.CheckConstraint(name="duty_term_days", condition=Q(valid_until__gte=models.F("valid_from"))),
        ]

    def __str__(self) -> str:
        return f"{self.duty} {self.valid_from} – {self.valid_until}"


def next_day(due_on: date, apply_by: date | None, applied_on: date | None) -> date:
    """To apply by, while nobody has applied and it has not ended."""
    return due_on if apply_by is None or applied_on or due_on < timezone.localdate() else apply_by

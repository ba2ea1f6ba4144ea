"""One register of everything that is kept in order: building systems, plant, medical devices, vehicles."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from assets.states import CRITICALITY, STATES
from flow.states import choices
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
    reach = Paths(place="place__path", unit="custodian_id")

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

"""What hospitals report: quantities of a period, and the indicators that are ratios of their sums."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from flow.states import choices
from indicators.request_models import RequestedQuantity as RequestedQuantity
from indicators.request_models import ReturnDue as ReturnDue
from indicators.request_models import ReturnRequest as ReturnRequest
from indicators.states import CHECKED, DIRECTIONS, FILES, PERIODS, SIDES, WATCH
from tenancy.access import Paths
from tenancy.models import ConsortiumModel, TenantModel


class Quantity(ConsortiumModel):
    """Something every hospital reports for a period: the cost of cleaning in yuan, the occupied floor area in m²."""

    key = models.SlugField(max_length=60, db_index=False)
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=120)
    unit = models.CharField(_("unit of measurement"), max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consortium", "key"], name="quantity_key")]

    def __str__(self) -> str:
        return self.label

    @cached_property
    def _words(self) -> tuple[str, str]:
        from indicators.library import quantity_words  # the library knows the rows, so the rows ask it late

        return quantity_words(self.key, self.name, self.unit)

    @property
    def label(self) -> str:
        """What it is called, in the reader's language where the library knows it."""
        return self._words[0]

    @property
    def measured_in(self) -> str:
        return self._words[1]


class Indicator(ConsortiumModel):
    """A ratio of two sums, times a factor: at every level the sums are divided, never ratios averaged.

    A part of a sum is the key of a quantity, or a part of a figure of the platform's own: "workorders.cost/numerator".
    """

    key = models.SlugField(max_length=60, db_index=False)
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=120)
    numerator = ArrayField(models.CharField(max_length=80), verbose_name=_("sum of"))
    denominator = ArrayField(models.CharField(max_length=80), verbose_name=_("divided by the sum of"))
    factor = models.DecimalField(_("times"), max_digits=12, decimal_places=4, default=Decimal(1))
    unit = models.CharField(_("unit of measurement"), max_length=20, blank=True)
    good = models.CharField(_("direction"), max_length=5, choices=choices(DIRECTIONS), default=WATCH)
    side = models.CharField(_("side of the scorecard"), max_length=1, choices=choices(SIDES), default="F")
    source = models.CharField(_("source"), max_length=200, blank=True)
    meaning = models.CharField(_("what it says"), max_length=300, blank=True)
    period = models.CharField(_("period"), max_length=7, choices=choices(PERIODS), default="month")
    owner = models.CharField(_("answered for by"), max_length=80, blank=True)
    supervisor = models.CharField(_("supervised by"), max_length=80, blank=True)
    on_breach = models.CharField(_("what follows a breach"), max_length=200, blank=True)
    active = models.BooleanField(pgettext_lazy("of an indicator", "in use"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consortium", "key"], name="indicator_key"),
            models.CheckConstraint(
                name="indicator_sums", condition=Q(numerator__len__gt=0) & Q(denominator__len__gt=0) & ~Q(factor=0)
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Formula(ConsortiumModel):
    """How an indicator was reckoned from a moment on: added whenever its version changes, never changed itself."""

    key = models.CharField(max_length=70)
    version = models.CharField(max_length=12)
    facts = models.JSONField()  # name, sums in words and as measures, factor, unit, direction
    since = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)
    by_name = models.CharField(max_length=60, blank=True)
    append_only = True

    class Meta:
        indexes = [models.Index(fields=["consortium", "key", "-id"], name="formula_key")]

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class ReturnFile(ConsortiumModel):
    """A file of returns that somebody handed in, how its columns were assigned, and what the check found."""

    name = models.CharField(_("file"), max_length=120)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    mapping = models.JSONField()
    first = models.DateField(_("from"))
    last = models.DateField(_("until"))
    state = models.CharField(_("state"), max_length=8, choices=choices(FILES), default=CHECKED)
    result = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="return_file_span", condition=Q(last__gte=F("first")))]

    def __str__(self) -> str:
        return self.name


class SavedMapping(ConsortiumModel):
    """Which column is which quantity, kept by name for the file of the next year."""

    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=60)
    mapping = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consortium", "name"], name="saved_mapping_name")]

    def __str__(self) -> str:
        return self.name


class Return(TenantModel):
    """One quantity of one hospital for a period, as the hospital reported it. What it did not report has no row."""

    quantity = models.ForeignKey(Quantity, models.PROTECT, related_name="returns")
    first = models.DateField()
    last = models.DateField()
    value = models.DecimalField(max_digits=20, decimal_places=4)
    file = models.ForeignKey(ReturnFile, models.PROTECT, null=True, related_name="+", db_index=False)
    due = models.ForeignKey(ReturnDue, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False)
    changed_at = models.DateTimeField()

    reach = Paths()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "quantity", "first", "last"], name="return_once"),
            models.CheckConstraint(name="return_span", condition=Q(last__gte=F("first"))),
            models.CheckConstraint(name="return_value", condition=Q(value__gte=0)),
        ]

    def __str__(self) -> str:
        return f"{self.quantity}: {self.value}"

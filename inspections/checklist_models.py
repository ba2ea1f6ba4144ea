"""Checklists: what is looked at. The same in all hospitals of a consortium, or one hospital's own."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from flow.states import State, choices
from inspections import catalogue
from inspections.states import (
    ACTIONS,
    ASK,
    CHECK,
    CHOICE,
    CURRENT,
    DRAFT,
    EDITIONS,
    KINDS,
    MINOR,
    OFFERED,
    ON_FAIL,
    PHOTOS,
    VALUE,
    WEIGHTS,
)
from inspections.words import said, told
from tenancy.access import Paths
from tenancy.models import ConsortiumModel, Hospital


class Checklist(ConsortiumModel):
    """What is looked at in one inspection (检查表). Its editions hold the items; at most one is in force.

    Shipped ones keep their key and take their name from it, in the reader's language, until somebody writes another.
    """

    home = models.ForeignKey(
        Hospital, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hospital")
    )
    key = models.CharField(max_length=60)  # "maintenance.generator"; own ones: "own.…"
    own_name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=60, blank=True)
    shipped_name = models.CharField(
        max_length=60, blank=True
    )  # in Chinese: to search by, and once code forgets the key
    department = models.CharField(_("department"), max_length=20)
    assesses = models.BooleanField(_("an assessment with points"), default=False)
    active = models.BooleanField(pgettext_lazy("of a checklist", "in use"), default=True)
    reach = Paths(hospital="home_id", consortium="consortium_id", department="department")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["consortium", "key"], name="checklist_key")]

    def __str__(self) -> str:
        return name_of(self.own_name, self.key, self.shipped_name)


def name_of(own_name: str, key: str, shipped_name: str) -> str:
    """What the hospital calls a checklist, else its shipped name in the reader's language."""
    return own_name or str(catalogue.shipped()[key].label if key in catalogue.shipped() else shipped_name or key)


class Edition(ConsortiumModel):
    """One edition of a checklist: a draft, one that is offered, the one in force, or one that was replaced.

    Published and offered ones never change: the database refuses (migration 0004). Where a law or standard asks for
    it: its name, clause, edition and the days between which it is valid.
    """

    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="editions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(_("state"), max_length=8, choices=choices(EDITIONS), default=DRAFT)
    standard = models.CharField(_("law or standard"), max_length=120, blank=True)
    clause = models.CharField(_("clause"), max_length=60, blank=True)
    standard_edition = models.CharField(_("edition of the standard"), max_length=60, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    statutory = models.BooleanField(_("required by law"), default=False)
    to_confirm = models.BooleanField(_("to be confirmed by the responsible office"), default=False)
    shipped = models.BooleanField(default=False)
    shipped_number = models.PositiveSmallIntegerField(null=True)  # the number of the edition in the code
    lines = models.PositiveSmallIntegerField(default=0)  # items in it, counted when it is published or offered
    note = models.CharField(_("what is new"), max_length=300, blank=True)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["checklist", "number"], name="edition_number"),
            models.UniqueConstraint(fields=["checklist"], condition=Q(state=CURRENT), name="edition_one_in_force"),
            models.UniqueConstraint(fields=["checklist"], condition=Q(state=DRAFT), name="edition_one_draft"),
            models.UniqueConstraint(fields=["checklist"], condition=Q(state=OFFERED), name="edition_one_offered"),
            models.CheckConstraint(
                name="edition_validity",
                condition=Q(valid_until__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_until__gte=F("valid_from")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.checklist} {self.number}"

    @property
    def status(self) -> State:
        return EDITIONS[self.state]


class Item(ConsortiumModel):
    """One line of an edition: what is looked at, what counts as failed, and what follows from that.

    A measured value fails below `low` or above `high`; a choice fails unless it is among `passing`. Points only in assessments.
    Shipped texts are kept in Chinese and by their msgids: `words`, `choices` and the like are in the reader's language.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="items")
    order = models.PositiveSmallIntegerField()
    key = models.CharField(max_length=40)  # the same item keeps its key from edition to edition
    section = models.CharField(_("section"), max_length=60, blank=True)
    text = models.CharField(_("what is looked at"), max_length=200)
    hint = models.CharField(_("how"), max_length=300, blank=True)
    kind = models.CharField(_("kind of answer"), max_length=6, choices=choices(KINDS), default=CHECK)
    unit = models.CharField(_("unit of measurement"), max_length=12, blank=True)
    low = models.DecimalField(_("at least"), max_digits=12, decimal_places=3, null=True, blank=True)
    high = models.DecimalField(_("at most"), max_digits=12, decimal_places=3, null=True, blank=True)
    options = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("choices"))
    passing = ArrayField(models.CharField(max_length=40), default=list, blank=True, verbose_name=_("choices that pass"))
    meter = models.CharField(_("meter"), max_length=40, blank=True)  # the name of the asset's meter
    required = models.BooleanField(_("must be answered"), default=True)
    photo = models.CharField(_("photo"), max_length=7, choices=choices(PHOTOS), default=ON_FAIL)
    weight = models.CharField(_("criticality"), max_length=9, choices=choices(WEIGHTS), default=MINOR)
    points = models.DecimalField(_("points"), max_digits=6, decimal_places=2, default=Decimal(0))
    on_fail = models.CharField(_("when it fails"), max_length=6, choices=choices(ACTIONS), default=ASK)
    service_key = models.CharField(max_length=60, blank=True)  # of the work order raised; empty: the department's first
    standard = models.CharField(_("law or standard"), max_length=120, blank=True)
    clause = models.CharField(_("clause"), max_length=60, blank=True)
    msgids = models.JSONField(default=dict, blank=True)  # of the shipped texts, by column

    class Meta:
        ordering = ["edition", "order"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "key"], name="item_key"),
            models.CheckConstraint(
                name="item_limits", condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(high__gte=F("low"))
            ),
            models.CheckConstraint(
                name="item_limits_of_a_value",
                condition=Q(kind=VALUE) | Q(low__isnull=True, high__isnull=True),
            ),
            models.CheckConstraint(name="item_choices", condition=~Q(kind=CHOICE) | Q(options__len__gte=2)),
            models.CheckConstraint(name="item_points", condition=Q(points__gte=0)),
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """What is looked at."""
        return said(self.text, self.msgids.get("text", ""))

    @property
    def heading(self) -> str:
        """The section it stands in."""
        return said(self.section, self.msgids.get("section", ""))

    @property
    def advice(self) -> str:
        """How it is looked at."""
        return said(self.hint, self.msgids.get("hint", ""))

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Its choices as (what an answer keeps, what the reader sees)."""
        return list(zip(self.options, told(self.options, self.msgids.get("options", [])), strict=True))

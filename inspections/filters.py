"""What the lists of the inspections are searched by."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inspections.checklist_models import name_of
from inspections.models import Checklist
from inspections.states import NEARLY
from tenancy.modules import choices as departments
from tenancy.search import words_of
from ui import filters

DRAFTED = Q(drafted__number__isnull=False) | Q(offered__number__isnull=False)


class ChecklistFilters(filters.FilterSet):
    """Names are searched as the reader sees them: a few dozen, in whichever language."""

    search_in = ("own_name", "shipped_name")
    main = ("department", "look", "whose")
    department = filters.ChoiceFilter(label=_("Department"), choices=departments)
    whose = filters.ChoiceFilter(
        label=_("For"), choices=(("all", _("All hospitals")), ("own", _("One hospital"))), method="of_whom"
    )
    look = filters.ChoiceFilter(
        label=_("To look at"),
        choices=(
            ("waiting", _("Draft or offered")),
            ("ends", _("Standard runs out within 30 days")),
            ("confirm", _("To be confirmed")),
            ("retired", _("No longer in use")),
        ),
        method="to_look_at",
    )
    law = filters.ChoiceFilter(
        field_name="in_force__statutory", label=_("Required by law"), choices=((True, _("Yes")), (False, _("No")))
    )

    class Meta:
        model = Checklist
        fields: list[str] = []

    @property
    def qs(self) -> QuerySet[Any]:
        """What is no longer in use stands there only for who asks."""
        rows = super().qs
        return rows if self.data.get("look") == "retired" else rows.filter(active=True)

    def find(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        words = [word.casefold() for word in words_of(value)]
        named = rows.values_list("pk", "own_name", "key", "shipped_name")
        found = [
            pk
            for pk, own, key, shipped in named
            if all(word in f"{name_of(own, key, shipped)} {own} {shipped}".casefold() for word in words)
        ]
        return rows.filter(pk__in=found)

    def of_whom(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(home__isnull=value == "all")

    def to_look_at(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        asked = {
            "waiting": DRAFTED,
            "ends": Q(in_force__valid_until__lte=timezone.localdate() + NEARLY),
            "confirm": Q(in_force__to_confirm=True),
            "retired": Q(active=False),
        }
        return rows.filter(asked[value])

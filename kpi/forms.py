"""The form of a target."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kpi.aims import Aim, aims
from kpi.models import PeerMember
from kpi.permissions import TARGET_CHANGE
from kpi.registry import WATCH
from tenancy.access import hospitals, hospitals_with
from tenancy.models import Hospital
from ui.forms import DateInput, Form, RowField

VALUES = ("target", "floor", "stretch")


class TargetForm(Form):
    """What an indicator should reach, from when, for whom, and by which decision. Times are written in hours."""

    kpi = forms.ChoiceField(label=_("Figure"))
    hospital = RowField(
        Hospital, TARGET_CHANGE, order_by="code", label=_("Hospital"), required=False,
        empty_label=_("All hospitals of the consortium"),
    )  # fmt: skip
    group = forms.ChoiceField(
        label=_("Peer group"),
        required=False,
        help_text=_("For all hospitals of a group; leave the hospital open then."),
    )
    target = forms.DecimalField(
        label=_("Target"), max_digits=12, decimal_places=2, min_value=0,
        help_text=_("In the unit that stands behind the figure."),
    )  # fmt: skip
    floor = forms.DecimalField(
        label=_("Lowest acceptable value"), max_digits=12, decimal_places=2, min_value=0, required=False,
        help_text=_("Between it and the target the figure is amber, beyond it red."),
    )  # fmt: skip
    stretch = forms.DecimalField(
        label=_("Stretch"), max_digits=12, decimal_places=2, min_value=0, required=False,
        help_text=_("What the best reach; full points from here on."),
    )  # fmt: skip
    valid_from = forms.DateField(label=_("From"), widget=DateInput(), initial=timezone.localdate)
    decided = forms.CharField(
        label=_("Decided by"),
        max_length=200,
        required=False,
        help_text=_("The assessment committee, the hospital's meeting."),
    )
    decided_on = forms.DateField(label=_("Decided on"), widget=DateInput(), required=False)
    minutes = forms.CharField(
        label=pgettext_lazy("of a meeting", "Minutes"),
        max_length=80,
        required=False,
        help_text=_("Number of the minutes."),
    )

    def prepare(self) -> None:
        self.aims = self._aims()
        field: Any = self.fields["kpi"]
        by_group: dict[str, list[tuple[str, str]]] = {}
        for aim in self.aims.values():
            by_group.setdefault(str(aim.group), []).append(
                (aim.key, f"{aim.label} ({aim.unit})" if aim.unit else str(aim.label))
            )
        field.choices = list(by_group.items())
        groups = PeerMember.objects.filter(hospital__in=hospitals_with(self.actor, TARGET_CHANGE)).exclude(group="")
        found = sorted(set(groups.values_list("group", flat=True)))
        choice: Any = self.fields["group"]
        choice.choices = [("", _("No group")), *((name, name) for name in found)]

    def _aims(self) -> dict[str, Aim]:
        ours = sorted({hospital["consortium"] for hospital in hospitals(self.actor)})
        return {aim.key: aim for pk in ours for aim in aims(pk).values() if aim.good != WATCH}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if aim := self.aims.get(cleaned.get("kpi", "")):
            for name in VALUES:
                if cleaned.get(name) is not None:
                    cleaned[name] *= aim.scale
        return cleaned

"""What a hospital sets for its time limits: the week, special days, reminders, the chain of escalation."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from flow.states import choices
from ui.forms import DateInput, Form
from workorders.states import CALENDAR_DAYS, CLOCKS, LEVELS, URGENCIES, WAITING_REASONS
from workorders.widgets import UNITS, LimitInput

WEEKDAYS = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))


class WeekForm(Form):
    """The working hours of each day of the week. `obj` is the row of rules."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for number, label in enumerate(WEEKDAYS):
            field = forms.CharField(label=label, required=False, max_length=60, initial=self.obj.week[number])
            self.fields[f"day{number}"] = field
            self.dress(field)
        self.fields["day0"].help_text = _("Like 08:00-12:00 14:00-17:30; empty: no work on that day.")

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        return {"week": [cleaned.get(f"day{number}", "") for number in range(7)]}


class ReminderForm(Form):
    """When people are reminded before a limit, and which reasons for waiting stop the clock."""

    remind_at = forms.CharField(
        label=_("Remind at, per cent of the time"),
        required=False,
        max_length=40,
        help_text=_("Up to five numbers between 10 and 100, like 50, 80, 100. Empty: no reminders."),
    )
    pausing = forms.MultipleChoiceField(
        label=_("The time to finish stands still while work waits for"),
        choices=choices(WAITING_REASONS),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {"remind_at": ", ".join(map(str, obj.remind_at)), "pausing": obj.pausing}

    def clean_remind_at(self) -> list[int]:
        text = self.cleaned_data["remind_at"].replace("，", " ").replace("、", " ").replace(",", " ").replace("%", " ")
        if any(not (part.isascii() and part.isdigit() and len(part) < 4) for part in text.split()):
            raise forms.ValidationError(_("Numbers between 10 and 100, please."))
        return [int(part) for part in text.split()]


class DayForm(Form):
    """A day that differs from the week."""

    day = forms.DateField(label=_("Day"), widget=DateInput)
    kind = forms.ChoiceField(label=_("What it is"), choices=choices(CALENDAR_DAYS), widget=forms.RadioSelect)
    name = forms.CharField(label=_("Name"), max_length=60, required=False)
    hours = forms.CharField(
        label=_("Hours of a working day"),
        max_length=60,
        required=False,
        help_text=_("Empty: those of a usual working day."),
    )

    def prepare(self) -> None:
        if self.obj is not None:
            del self.fields["day"]


class DelayField(forms.MultiValueField):
    """Minutes after a limit; nothing where this level is not told."""

    def __init__(self, label: Any):
        number = forms.IntegerField(min_value=0, max_value=100_000)
        widget = LimitInput(attrs={"aria-label": label})
        widget.widgets[0].attrs["min"] = 0
        units = forms.TypedChoiceField(choices=UNITS, coerce=int)
        super().__init__([number, units], label=label, required=False, widget=widget)

    def compress(self, data: list[Any]) -> int | None:
        return None if not data or data[0] is None else data[0] * int(data[1] or 1)


class ChainForm(Form):
    """Who hears of a broken limit, and how long after it: a field per clock, urgency and level."""

    def __init__(self, *args: Any, chain: dict[tuple[str, str, str], int], **kwargs: Any):
        self.chain = chain
        super().__init__(*args, **kwargs)
        for key, label in self.keys():
            self.fields["_".join(key)] = DelayField(label)
            self.initial.setdefault("_".join(key), chain.get(key))

    @staticmethod
    def keys() -> list[tuple[tuple[str, str, str], str]]:
        return [
            ((clock, urgency, level), f"{CLOCKS[clock].label}, {URGENCIES[urgency].label}: {LEVELS[level].label}")
            for clock in CLOCKS
            for urgency in URGENCIES
            for level in LEVELS
        ]

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {}

    @property
    def tables(self) -> list[tuple[Any, list[tuple[Any, list[tuple[Any, Any]]]]]]:
        """The fields as they are drawn: a table per clock, a row per level, a column per urgency (its name, the field)."""
        return [
            (
                clock,
                [
                    (level, [(u.label, self["_".join((key, urgency, name))]) for urgency, u in URGENCIES.items()])
                    for name, level in LEVELS.items()
                ],
            )
            for key, clock in CLOCKS.items()
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        return {"chain": {key: cleaned.get("_".join(key)) for key, _label in self.keys()}}

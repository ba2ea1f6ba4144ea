"""The forms of requested returns: what the office asks, what a hospital answers, what is asked at a step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from flow.states import choices
from indicators import plausibility, queries, request_queries
from indicators.library.definitions import amounts
from indicators.mapping import number
from indicators.models import Quantity, RequestedQuantity
from indicators.permissions import RETURN_CHANGE, RETURN_FILL
from indicators.request_states import AUDIENCES, CLERK, EVERYBODY, RHYTHMS
from indicators.requests import Line
from kpi.models import PeerMember
from tenancy.models import Consortium, Hospital, Role
from ui.forms import DateInput, Form
from ui.rendering import Select

NEW_LINES = 3  # empty rows for quantities that nobody has reported so far
AGAIN_WITHIN = 3  # days the office proposes for a correction


@dataclass(frozen=True)
class Offered:
    """A quantity that may be asked for; without a row it is the library's, and nobody has reported it so far."""

    key: str
    name: str
    unit: str
    row: Quantity | None = None


def quantities_of(consortium: Consortium) -> Any:
    return Quantity.objects.filter(consortium=consortium).order_by("name", "id")


class RequestForm(Form):
    """What is asked of whom, how often, by when; one row of the table for each quantity."""

    name = forms.CharField(label=_("Name"), max_length=80)
    note = forms.CharField(
        label=_("What it is for"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    rhythm = forms.ChoiceField(
        label=_("How often"), choices=choices(RHYTHMS), widget=forms.RadioSelect, initial="month"
    )
    begins = forms.CharField(
        label=_("A year begins on"),
        max_length=5,
        initial="01-01",
        help_text=_("01-01, or 04-01."),
        widget=forms.TextInput(attrs={"data-shown-for": "rhythm=year"}),
    )
    due_days = forms.IntegerField(label=_("Due, days after the period"), min_value=1, max_value=180, initial=5)
    role = forms.ChoiceField(label=_("Filled in by"), initial=CLERK)
    audience = forms.ChoiceField(
        label=_("Whom it asks"), choices=choices(AUDIENCES), widget=forms.RadioSelect, initial=EVERYBODY
    )
    group = forms.ChoiceField(
        label=_("Peer group"), required=False, widget=Select(attrs={"data-shown-for": "audience=group"})
    )
    hospitals = forms.TypedMultipleChoiceField(
        label=_("Some hospitals"),
        coerce=int,
        required=False,
        widget=forms.SelectMultiple(attrs={"size": 8, "data-shown-for": "audience=some"}),
    )
    valid_from = forms.DateField(
        label=_("From the period of"), widget=DateInput(), help_text=_("Any day of the first period.")
    )
    valid_until = forms.DateField(label=_("Until the period of"), widget=DateInput(), required=False)

    def prepare(self) -> None:
        consortium = queries.consortium_of(self.actor)
        if consortium is None:
            raise PermissionDenied(RETURN_CHANGE)
        ours = Hospital.objects.filter(consortium=consortium, is_open=True)
        groups = (
            PeerMember.objects.filter(hospital__in=ours).values_list("group", flat=True).distinct().order_by("group")
        )
        roles = Role.objects.filter(consortium=consortium, retired=False, permissions__contains=[RETURN_FILL])
        offered: dict[str, Any] = {
            "group": [("", "—"), *((group, group) for group in groups)],
            "hospitals": [(hospital.pk, hospital.name) for hospital in ours],
            "role": [(role.key, str(role)) for role in roles.order_by("id")],
        }
        for name, found in offered.items():
            self.fields[name].choices = found  # type: ignore[attr-defined]
        self.known = [Offered(q.key, q.label, q.measured_in, q) for q in quantities_of(consortium)]
        there = {one.key for one in self.known}
        self.library = [Offered(a.key, str(a.name), str(a.unit)) for a in amounts().values() if a.key not in there]
        self._rows()

    def _rows(self) -> None:
        """Fields of the table: for each quantity whether it is asked, at which place, with which help; new ones below."""
        rows = RequestedQuantity.objects.filter(request=self.obj) if self.obj else RequestedQuantity.objects.none()
        lines = {line.quantity.key: line for line in rows.select_related("quantity")}
        last = len(self.known) + 1
        self.known.sort(key=lambda one: lines[one.key].position if one.key in lines else last)
        for one in (*self.known, *self.library):
            line = lines.get(one.key)
            place = forms.IntegerField(required=False, min_value=1, max_value=999, label=_("Place"))
            text = forms.CharField(required=False, max_length=200, label=_("Help"))
            self._row(f"place.{one.key}", place, line and line.position, one.name)
            self._row(f"help.{one.key}", text, line and line.help, one.name)
        for nth in range(NEW_LINES):
            for part, label, most in (
                ("name", _("New quantity"), 120),
                ("unit", _("Unit of measurement"), 20),
                ("help", _("Help"), 200),
            ):
                self._row(f"new_{part}.{nth}", forms.CharField(required=False, max_length=most, label=label), "")

    def _row(self, name: str, field: forms.Field, value: Any, of: str = "") -> None:
        field.initial = value
        words = f"{field.label} · {of}" if of else field.label
        field.widget.attrs |= {"aria-label": words, "placeholder": "" if of else words}
        self.fields[name] = field
        self.dress(field)

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.base_fields]

    def _drawn(self, offered: list[Offered]) -> list[tuple[Offered, forms.BoundField, forms.BoundField]]:
        return [(one, self[f"place.{one.key}"], self[f"help.{one.key}"]) for one in offered]

    @property
    def rows(self) -> list[tuple[Offered, forms.BoundField, forms.BoundField]]:
        return self._drawn(self.known)

    @property
    def library_rows(self) -> list[tuple[Offered, forms.BoundField, forms.BoundField]]:
        return self._drawn(self.library)

    @property
    def new_rows(self) -> list[list[forms.BoundField]]:
        return [[self[f"new_{part}.{nth}"] for part in ("name", "unit", "help")] for nth in range(NEW_LINES)]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        offered = [*self.known, *self.library]
        asked = [(given[f"place.{one.key}"], one) for one in offered if given.get(f"place.{one.key}")]
        asked.sort(key=lambda pair: pair[0])
        lines = [Line(one.row, given.get(f"help.{one.key}", ""), one.name, one.unit, one.key) for _place, one in asked]
        for nth in range(NEW_LINES):
            if name := given.get(f"new_name.{nth}", "").strip():
                lines.append(Line(None, given.get(f"new_help.{nth}", ""), name, given.get(f"new_unit.{nth}", "")))
        facts = {name: value for name, value in given.items() if name in self.base_fields}
        return {**facts, "lines": lines}


class FillForm(Form):
    """A hospital's answer: for each quantity a value or "not known", and a word where the value is unusual."""

    def __init__(self, *args: Any, asked: plausibility.Asked, corrects: bool = False, **kwargs: Any):
        self.asked, self.corrects = asked, corrects
        super().__init__(*args, **kwargs)

    def initial_from(self, obj: Any) -> dict[str, Any]:
        if obj.draft:
            return dict(obj.draft["typed"])
        typed = {f"value.{key}": _written(value) for key, value in self.asked.now.items()}
        typed |= {f"unknown.{key}": "on" for key in obj.unknown} | {"stood": plausibility.standing(obj, self.asked)}
        return typed | {f"note.{key}": word for key, word in obj.notes.items()}

    def prepare(self) -> None:
        for key, quantity in self.asked.quantities.items():
            box = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "form-control end"})
            self.fields[f"value.{key}"] = forms.CharField(
                required=False, max_length=40, label=quantity.label, widget=box
            )
            self.fields[f"unknown.{key}"] = forms.BooleanField(required=False, label=_("Not known"))
            self.fields[f"note.{key}"] = forms.CharField(
                required=False, max_length=200, label=_("In a word: why is it so different?")
            )
        if self.corrects:
            text = forms.Textarea(attrs={"rows": 2})
            self.fields["reason"] = forms.CharField(label=_("Why is it corrected?"), max_length=500, widget=text)
            self.fields["stood"] = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput())
        for field in self.fields.values():
            self.dress(field)

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        values: dict[str, Any] = {}
        notes: dict[str, str] = {}
        for key in self.asked.quantities:
            text, unknown = given.get(f"value.{key}", ""), given.get(f"unknown.{key}")
            notes[key] = given.get(f"note.{key}", "")
            if unknown and text:
                self.add_error(f"value.{key}", _("Either a value or “not known”, not both."))
            elif unknown:
                values[key] = None
            elif text:
                try:
                    values[key] = number(text)
                except ValueError:
                    self.add_error(f"value.{key}", _("A number that is not negative, please."))
        told = {name: given.get(name, "") for name in ("reason", "stood")} if self.corrects else {}
        return {"values": values, "notes": notes, **told}

    @property
    def lines(self) -> list[dict[str, Any]]:
        """What the page draws for each quantity."""
        asked = self.asked
        return [
            {
                "key": key, "quantity": quantity, "help": asked.help[key], "before": asked.before.get(key),
                "year_ago": asked.year_ago.get(key), "value": self[f"value.{key}"], "unknown": self[f"unknown.{key}"],
                "note": self[f"note.{key}"], "noted": bool(self[f"note.{key}"].value() or self[f"note.{key}"].errors),
            }
            for key, quantity in asked.quantities.items()
        ]  # fmt: skip


def _written(value: Any) -> str:
    """A kept value as somebody would type it."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class SheetForm(Form):
    """The template, filled in with Excel."""

    file = forms.FileField(
        label=_("Filled-in template"), widget=forms.FileInput(attrs={"accept": ".xlsx,.csv", "class": "form-control"})
    )


class CorrectForm(Form):
    """Why it is corrected; the values come from the form page."""

    reason = forms.CharField(label=_("Why is it corrected?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class SendBackForm(Form):
    """What is wrong, and until when it is corrected."""

    reason = forms.CharField(
        label=_("What is to be corrected?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3})
    )
    due_on = forms.DateField(label=_("Until"), widget=DateInput())

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {"due_on": timezone.localdate() + timedelta(days=AGAIN_WITHIN)}


class AssignForm(Form):
    """Who fills it in from now on."""

    person = forms.ChoiceField(label=_("Who fills it in"), error_messages={"required": _("Please choose a person.")})

    def prepare(self) -> None:
        people = request_queries.may_fill(self.obj)
        self.fields["person"].choices = [(user.pk, user.name) for user in people]  # type: ignore[attr-defined]

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {"person": obj.person_id} if obj else {}

    def clean_person(self) -> User:
        return User.objects.get(pk=int(self.cleaned_data["person"]))

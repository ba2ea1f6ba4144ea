"""What a step asks before it is taken, and the forms around a record. The cleaned data are the step's own facts."""

from __future__ import annotations

import base64
import binascii
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from flow.models import Attachment
from flow.states import choices
from tenancy.models import Place, Team, Unit
from tenancy.permissions import UNIT_VIEW
from ui.forms import Form, RowField, Tiles
from workorders import domain, links, queries, work_types
from workorders import permissions as perm
from workorders.models import Line, Service, WorkOrder
from workorders.states import LIVE, URGENCIES, WAITING_REASONS
from workorders.widgets import PlaceInput, SignatureInput, Stars

PLEASE_CHOOSE = _("Please choose.")


class ReasonForm(Form):
    """Why: for steps that somebody else will ask about."""

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class DispatchForm(Form):
    """Who does it: a team, or one person of it, in one choice. The usual team stands first and is chosen."""

    to = forms.ChoiceField(
        label=_("Who does it"), widget=forms.Select(attrs={"size": 10}), error_messages={"required": PLEASE_CHOOSE}
    )

    def prepare(self) -> None:
        self.crews = queries.crews(self.actor, self.obj)
        self.fields["to"].choices = [(crew.team.name, list(_people(crew))) for crew in self.crews]  # type: ignore[attr-defined]
        if self.crews and not self.is_bound:
            self.initial.setdefault("to", f"{self.crews[0].team.pk}")

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        team, person = self.chosen(data.pop("to", ""))
        return {**data, "team": team, "assignee": person}

    def chosen(self, value: str) -> tuple[Team | None, Any]:
        team_id, _dash, user_id = value.partition("-")
        crew = next((crew for crew in self.crews if str(crew.team.pk) == team_id), None)
        if crew is None:
            return None, None
        known = any(str(who.user_id) == user_id for who in crew.people)
        return crew.team, User.objects.get(pk=int(user_id)) if known else None


def _people(crew: queries.Crew) -> Any:
    yield f"{crew.team.pk}", _("%(team)s: who is free takes it") % {"team": crew.team.name}
    for who in crew.people:
        label = _("%(name)s (has %(count)s)") % {"name": who.name, "count": who.open}
        yield f"{crew.team.pk}-{who.user_id}", label


class ReassignForm(DispatchForm):
    """To somebody else, and why."""

    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)


class TransferForm(Form):
    """To the department that does this work."""

    service = forms.ModelChoiceField(Service.objects.none(), label=_("Service"), empty_label=_("Choose"))
    reason = forms.CharField(label=_("Reason"), max_length=500)

    def prepare(self) -> None:
        field: Any = self.fields["service"]
        field.queryset = _offered(self.obj.hospital).exclude(pk=self.obj.service_id).order_by("department", "key")
        field.label_from_instance = _with_department

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {}


class AnswerForm(Form):
    """What the head says to a complaint; who complained reads it."""

    text = forms.CharField(label=_("Answer"), max_length=500, widget=forms.Textarea(attrs={"rows": 4}))


class SameForm(Form):
    """Which order is it? Those open at the place and of the unit stand ready; any other is found by its number."""

    into = forms.ChoiceField(label=_("The same as"), widget=forms.RadioSelect, required=False)
    number = forms.CharField(label=_("Another order's number"), max_length=20, required=False)

    def prepare(self) -> None:
        self.orders = WorkOrder.objects.for_user(self.actor, perm.ORDER_DISPATCH).filter(
            hospital_id=self.obj.hospital_id, state__in=LIVE
        )
        found = list(links.candidates(self.orders, self.obj)[:8])
        field: Any = self.fields["into"]
        field.choices = [(f"{order.pk}", f"{order.number} {order.title} · {order.status.label}") for order in found]
        if not found:
            field.widget = forms.HiddenInput()

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        number, chosen = data.pop("number", "").strip().upper(), data.get("into") or None
        if number:
            order = self.orders.exclude(pk=self.obj.pk).filter(number=number).first()
            if order is None:
                self.add_error("number", _("No open order has this number."))
        else:
            order = self.orders.filter(pk=chosen).first() if chosen else None
            if order is None and "into" not in self.errors:
                self.add_error("into" if self.fields["into"].choices else "number", PLEASE_CHOOSE)  # type: ignore[attr-defined]
        return {**data, "into": order}


class PartForm(Form):
    """Work for another department, or what has to follow."""

    service = forms.ModelChoiceField(Service.objects.none(), label=_("Service"), empty_label=_("Choose"))
    title = forms.CharField(label=_("What has to be done"), max_length=80)
    description = forms.CharField(
        label=_("Description"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    urgency = forms.ChoiceField(label=_("Urgency"), choices=choices(URGENCIES), widget=forms.RadioSelect)

    def prepare(self) -> None:
        field: Any = self.fields["service"]
        field.queryset = _offered(self.obj.hospital).order_by("department", "key")
        field.label_from_instance = _with_department

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {"title": obj.title, "urgency": obj.urgency}


def _offered(hospital: Any) -> Any:
    return Service.objects.filter(hospital=hospital, active=True, internal=False, department__in=hospital.modules)


def _with_department(service: Service) -> str:
    return f"{work_types.department_of(service.department).label} · {service}"


class WaitForm(Form):
    """What the work waits for; the time limit stands still until it goes on."""

    waiting_reason = forms.ChoiceField(
        label=_("Waiting for"),
        choices=choices(WAITING_REASONS),
        widget=Tiles(pictures={state.value: state.icon for state in WAITING_REASONS.values()}),
        error_messages={"required": PLEASE_CHOOSE},
    )
    reason = forms.CharField(label=_("Remark"), max_length=500, required=False)

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {}


class FinishForm(Form):
    """The musts, ticked one by one; what was wrong, what was done, how long it took."""

    musts = forms.MultipleChoiceField(label=_("The musts"), widget=forms.CheckboxSelectMultiple, required=False)
    cause = forms.CharField(label=_("Cause"), max_length=200, required=False)
    remedy = forms.CharField(label=_("What was done"), max_length=200, required=False)
    minutes = forms.IntegerField(label=_("Minutes of work"), min_value=0, max_value=60 * 24 * 31, required=False)

    def prepare(self) -> None:
        field: Any = self.fields["musts"]
        field.choices = [(must, must) for must in self.obj.service.musts]

    def initial_from(self, obj: Any) -> dict[str, Any]:
        since = obj.arrived_at and not obj.minutes
        minutes = int((timezone.now() - obj.arrived_at).total_seconds() // 60) if since else obj.minutes
        return {"cause": obj.cause, "remedy": obj.remedy, "minutes": min(minutes, 60 * 24 * 31)}


class ScreenSignatureForm(Form):
    """The ward's person signs on the technician's phone: a name and a drawn signature."""

    name = forms.CharField(label=_("Who signs"), max_length=60)
    signature = forms.CharField(label=_("Signature"), widget=SignatureInput)

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {}

    def clean(self) -> dict[str, Any]:
        """The drawing is kept as a file of what is signed; a refused step takes it back with everything else."""
        data = super().clean()
        drawing = data.get("signature", "")
        if self.errors or not drawing:
            return {**data, "signature": None}
        return {**data, "signature": self.keep(drawn(drawing)).pk}

    def keep(self, drawing: ContentFile[bytes]) -> Attachment:
        return domain.attach(self.obj, self.actor, drawing, kind=Attachment.Kind.SIGNATURE)


def drawn(url: str) -> ContentFile[bytes]:
    head, _comma, body = url.partition(",")
    try:
        if head != "data:image/png;base64":
            raise ValueError(head)
        return ContentFile(base64.b64decode(body, validate=True), name="signature.png")
    except (binascii.Error, ValueError) as error:
        raise ValidationError({"signature": _("Please sign in the box.")}) from error


class SignForm(Form):
    """The ward signs and rates: three times up to five stars, each may stay open."""

    name = forms.CharField(label=_("Who signs"), max_length=60, required=False)
    attitude = forms.TypedChoiceField(label=_("Attitude"), widget=Stars, required=False)
    skill = forms.TypedChoiceField(label=_("Skill"), widget=Stars, required=False)
    speed = forms.TypedChoiceField(label=_("Speed"), widget=Stars, required=False)
    comment = forms.CharField(label=_("Remark"), max_length=500, required=False)
    reason = forms.CharField(
        label=_("Signed for somebody else because"),
        max_length=500,
        required=False,
        help_text=_("For example: the patient cannot write. Leave it empty if you sign for your own unit."),
    )

    def prepare(self) -> None:
        for name in ("attitude", "skill", "speed"):
            field: Any = self.fields[name]
            field.coerce, field.empty_value = int, None
            field.choices = [(stars, str(stars)) for stars in range(1, 6)]
        if not getattr(self.actor, "is_shared", False):
            del self.fields["name"]

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {}


class OrderForm(Form):
    """Corrections of an order's facts; another urgency moves its limits."""

    title = forms.CharField(label=_("What is wrong"), max_length=80)
    description = forms.CharField(label=_("Description"), max_length=2000, required=False, widget=forms.Textarea)
    place = forms.ModelChoiceField(Place.objects.none(), label=_("Place"), widget=PlaceInput)
    unit = RowField(Unit, UNIT_VIEW, label=_("Unit"), required=False)
    urgency = forms.ChoiceField(label=_("Urgency"), choices=choices(URGENCIES), widget=forms.RadioSelect)
    phone = forms.CharField(label=_("Call back"), max_length=30, required=False)

    def prepare(self) -> None:
        self.fields["place"].queryset = Place.objects.filter(hospital_id=self.obj.hospital_id)  # type: ignore[attr-defined]
        units: Any = self.fields["unit"]
        units.queryset = units.queryset.filter(hospital_id=self.obj.hospital_id, closed_on=None)


class CommentForm(Form):
    """A remark on the timeline."""

    same_for_all = True
    text = forms.CharField(label=_("Remark"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class AttachForm(Form):
    """A photo or a PDF."""

    same_for_all = True
    upload = forms.FileField(
        label=_("Photo or PDF"), widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"})
    )
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[c for c in Attachment.Kind.choices if c[0] != Attachment.Kind.SIGNATURE]
    )


class LineForm(Form):
    """What went into the work: a part, a helper's minutes, a firm's bill."""

    same_for_all = True
    kind = forms.ChoiceField(label=_("Kind"), choices=Line.Kind.choices, initial=Line.Kind.PART)
    text = forms.CharField(label=_("What"), max_length=120)
    quantity = forms.DecimalField(label=_("Quantity"), min_value=0, max_digits=10, decimal_places=2, initial=1)
    price = forms.DecimalField(label=_("Price, yuan"), min_value=0, max_digits=12, decimal_places=2, initial=0)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=44640, initial=0)

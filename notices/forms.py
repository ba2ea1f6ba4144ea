"""What a person, an administrator or the desk is asked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notices import permissions as perm
from notices import rules
from notices.models import DAILY, Preference, Robot
from notices.robots import VENDORS, address
from notices.states import BELL, CHOICES, MAIL, ROBOTS
from tenancy import modules
from tenancy.access import hospitals_with
from tenancy.models import Hospital, Place, Team
from tenancy.permissions import PLACE_VIEW, TEAM_VIEW
from ui.forms import DateTimeInput, Form, RowField


class TimeInput(forms.TimeInput):
    """The device's own clock."""

    input_type = "time"

    def __init__(self) -> None:
        super().__init__(format="%H:%M")


class PreferenceForm(Form):
    """`obj` is the person's present preference."""

    digest = forms.ChoiceField(
        label=_("E-mail comes"), choices=Preference._meta.get_field("digest").choices, required=False
    )
    digest_at = forms.TimeField(label=_("Once a day at"), widget=TimeInput, required=False)
    quiet_from = forms.TimeField(label=_("Quiet from"), widget=TimeInput, required=False)
    quiet_until = forms.TimeField(
        label=_("Quiet until"),
        widget=TimeInput,
        required=False,
        help_text=_("What is to be mailed meanwhile waits until then. Emergencies come at once."),
    )

    def prepare(self) -> None:
        usual, chosen = rules.mailed(), self.obj.choices
        for kind, label in rules.kinds().items():
            field = forms.ChoiceField(label=label, choices=CHOICES, initial=MAIL if kind in usual else BELL)
            self.dress(field)
            self.fields[f"kind:{kind}"] = field
            self.initial.setdefault(f"kind:{kind}", chosen.get(kind, field.initial))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if (cleaned.get("quiet_from") is None) != (cleaned.get("quiet_until") is None):
            raise ValidationError({"quiet_until": _("Quiet hours need a beginning and an end.")})
        if cleaned.get("digest") == DAILY and not cleaned.get("digest_at"):
            self.add_error("digest_at", _("When shall it come?"))
        usual = rules.mailed()
        names = [name for name in cleaned if name.startswith("kind:")]
        picked = {name.removeprefix("kind:"): cleaned.pop(name) for name in names}
        shipped = {kind: MAIL if kind in usual else BELL for kind in picked}
        return {**cleaned, "choices": {kind: choice for kind, choice in picked.items() if choice != shipped[kind]}}

    @property
    def when(self) -> list[Any]:
        return [self[name] for name in self.base_fields]

    @property
    def kinds(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("kind:")]


class OfHospital(Form):
    """Something that belongs to one hospital: chosen once, where there is a choice."""

    permission = ""
    rows: tuple[str, ...] = ()  # fields that offer rows of a hospital

    def prepare(self) -> None:
        mine = Hospital.objects.filter(pk__in=hospitals_with(self.actor, self.permission), is_open=True)
        here = self.obj.hospital_id if self.obj else self.hospital["id"] if self.hospital else None
        if self.obj:
            del self.fields["hospital"]
        else:
            field: Any = self.fields["hospital"]
            field.queryset = mine.filter(pk=here) if here else mine
            self.initial.setdefault("hospital", here)
        for name in self.rows:
            rows: Any = self.fields[name]
            rows.queryset = rows.queryset.filter(closed_on=None, **({"hospital_id": here} if here else {}))


def _hospital() -> Any:
    return forms.ModelChoiceField(Hospital.objects.none(), label=_("Hospital"), empty_label=None)


class RobotForm(OfHospital):
    """A group's robot. What the group shows as its robot's address holds base and key together."""

    permission = perm.CHANNEL_CHANGE
    rows = ("team",)
    hospital = _hospital()
    kind = forms.ChoiceField(label=_("Messenger"), choices=ROBOTS)
    name = forms.CharField(label=_("Name of the group"), max_length=60)
    webhook = forms.CharField(
        label=_("Address of the robot"),
        max_length=400,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("As the group shows it. It is kept and never shown again; empty: as it was."),
    )
    base_url = forms.URLField(
        label=_("Server of a private edition"),
        max_length=200,
        required=False,
        assume_scheme="https",
        help_text=_("Only if the messenger runs on a server of your own and the address above is only a key."),
    )
    new_secret = forms.CharField(
        label=_("Secret for signing"),
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("DingTalk and Feishu show one where the group asks for signed messages."),
    )
    keyword = forms.CharField(
        label=_("Keyword"),
        max_length=40,
        required=False,
        help_text=_("If the group takes only messages that contain one."),
    )
    department = forms.ChoiceField(label=_("Only of the department"), required=False)
    team = RowField(Team, TEAM_VIEW, label=_("Only of the team"), required=False, empty_label=_("All"))
    kinds = forms.MultipleChoiceField(label=_("Hears of"), widget=forms.CheckboxSelectMultiple)
    language = forms.ChoiceField(label=_("Language"), choices=Robot._meta.get_field("language").choices)
    is_on = forms.BooleanField(label=_("Switched on"), required=False, initial=True)

    def prepare(self) -> None:
        super().prepare()
        self.fields["department"].choices = [("", _("All")), *modules.choices()]
        self.fields["kinds"].choices = list(rules.kinds().items())
        if self.obj and self.obj.base_url == VENDORS[self.obj.kind].base_url:
            self.initial["base_url"] = ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        base, key = address(cleaned.pop("webhook", "") or "")
        if "webhook" in self.changed_data and not key and "webhook" not in self.errors:
            self.add_error("webhook", _("This is not the address of a robot of this messenger."))
        typed = (cleaned.get("base_url") or "").rstrip("/")
        present = self.obj.base_url if self.obj and self.obj.kind == cleaned.get("kind") and not key else ""
        vendor = VENDORS.get(cleaned.get("kind", ""))
        cleaned["base_url"] = base or typed or ("" if "base_url" in self.changed_data else present)
        cleaned["base_url"] = cleaned["base_url"] or (vendor.base_url if vendor else "")
        cleaned["key"], cleaned["secret"] = key, cleaned.pop("new_secret", "")
        return cleaned


class AnnouncementForm(OfHospital):
    permission = perm.ANNOUNCEMENT_CHANGE
    rows = ("place",)
    hospital = _hospital()
    text = forms.CharField(
        label=_("What everybody must know"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Say what, when and where: “Water off 14–16 h, building 3.”"),
    )
    starts_at = forms.DateTimeField(label=_("Shown from"), widget=DateTimeInput())
    ends_at = forms.DateTimeField(label=_("Shown until"), widget=DateTimeInput())
    place = RowField(
        Place,
        PLACE_VIEW,
        order_by="path",
        label=_("Only at"),
        required=False,
        empty_label=_("The whole hospital"),
        help_text=_("Shown to the units there, and to those who belong to no unit."),
    )

    def prepare(self) -> None:
        super().prepare()
        place: Any = self.fields["place"]
        place.queryset = place.queryset.exclude(kind__in=("hospital", "room"))
        if not self.obj:
            self.initial.setdefault("starts_at", timezone.localtime().replace(second=0, microsecond=0, tzinfo=None))

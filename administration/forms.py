"""Forms of the organisation. Saving is always a verb of `tenancy.domain`."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from tenancy import modules, permissions
from tenancy.access import hospitals_with
from tenancy.models import Consortium, Contractor, Hospital, Place, Role, Team, Unit
from tenancy.permissions import declared
from ui.forms import DateInput, Form, RowField


class HospitalField(forms.ModelChoiceField):
    """One of the hospitals where the actor holds the permission; the one of the switch stands first."""

    def __init__(self, permission: str, **kwargs: Any):
        self.permission = permission
        super().__init__(Hospital.objects.none(), label=_("Hospital"), empty_label=None, **kwargs)


class OfficeForm(Form):
    """Fills hospital fields; a form for one hospital needs no choice."""

    def prepare(self) -> None:
        for name, field in self.fields.items():
            if isinstance(field, HospitalField):
                field.queryset = Hospital.objects.filter(
                    pk__in=hospitals_with(self.actor, field.permission), is_open=True
                )
                if self.hospital:
                    self.initial.setdefault(name, self.hospital["id"])
        self.arrange()

    def arrange(self) -> None:
        """For forms whose fields depend on the object."""

    def within(self, *names: str) -> None:
        """Offer only rows of the hospital of `obj`."""
        if self.obj is not None:
            for name in names:
                self.fields[name].queryset = self.fields[name].queryset.filter(hospital_id=self.obj.hospital_id)

    def keep(self, *names: str) -> None:
        """What cannot change once it is made is not asked again."""
        if self.obj is not None:
            for name in names:
                del self.fields[name]


class HospitalForm(OfficeForm):
    code = forms.CharField(
        label=_("Code"), max_length=6, help_text=_("1 to 6 letters or digits; begins every order number.")
    )
    name = forms.CharField(label=_("Name"), max_length=100)
    short_name = forms.CharField(label=_("Short name"), max_length=20)
    kind = forms.ChoiceField(label=_("Kind"), choices=Hospital.Kind.choices)
    beds = forms.IntegerField(label=_("Beds"), min_value=0, max_value=20_000, initial=0)
    area = forms.IntegerField(label=_("Floor area, m²"), min_value=0, max_value=10_000_000, initial=0)
    staff = forms.IntegerField(label=_("Staff"), min_value=0, max_value=100_000, initial=0)
    modules = forms.MultipleChoiceField(
        label=_("Departments switched on"), choices=modules.choices, widget=forms.CheckboxSelectMultiple, required=False
    )
    unsigned_after_hours = forms.IntegerField(
        label=_("Close unsigned work after, hours"), min_value=1, max_value=1000, initial=72
    )

    def arrange(self) -> None:
        self.keep("code")
        if self.obj is None:
            del self.fields["unsigned_after_hours"]
            self.fields["consortium"] = forms.ModelChoiceField(
                Consortium.objects.filter(pk__in=_consortia(self.actor)), label=_("Consortium"), empty_label=None
            )


def _consortia(actor: Any) -> set[int]:
    from tenancy.access import reaches

    return {r.consortium for r in reaches(actor) if r.consortium and permissions.HOSPITAL_CHANGE in r.permissions}


class PlaceForm(OfficeForm):
    parent = RowField(Place, permissions.PLACE_CHANGE, order_by="path", label=_("Lies in"))
    kind = forms.ChoiceField(label=_("Kind"), choices=[c for c in Place.Kind.choices if c[0] != "hospital"])
    name = forms.CharField(label=_("Name"), max_length=80)
    code = forms.CharField(label=_("Code"), max_length=30, required=False)
    phone = forms.CharField(label=_("Extension"), max_length=20, required=False)

    def arrange(self) -> None:
        self.keep("parent", "kind")
        if self.obj is None:
            field = self.fields["parent"]
            field.queryset = field.queryset.filter(closed_on=None).exclude(kind="room")
            if self.hospital:
                field.queryset = field.queryset.filter(hospital_id=self.hospital["id"])


class MoveForm(OfficeForm):
    parent = RowField(Place, permissions.PLACE_CHANGE, order_by="path", label=_("Move into"))

    def arrange(self) -> None:
        self.within("parent")
        self.fields["parent"].queryset = self.fields["parent"].queryset.filter(closed_on=None).exclude(kind="room")


class DoorForm(OfficeForm):
    sure = forms.BooleanField(
        label=_("The printed label is lost, copied or worn"), help_text=_("It opens nothing any more; print a new one.")
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        return {}


class MergePlaceForm(OfficeForm):
    into = RowField(Place, permissions.PLACE_CHANGE, order_by="path", label=_("Merge into"))

    def arrange(self) -> None:
        self.within("into")
        outside = self.fields["into"].queryset.filter(closed_on=None)
        self.fields["into"].queryset = outside.exclude(Place.within(self.obj.path))


class CloseForm(OfficeForm):
    on = forms.DateField(label=_("Closed from"), initial=timezone.localdate, widget=DateInput)


class UnitForm(OfficeForm):
    hospital = HospitalField(permissions.UNIT_CHANGE)
    code = forms.CharField(label=_("Code"), max_length=20)
    name = forms.CharField(label=_("Name"), max_length=60)
    kind = forms.ChoiceField(label=_("Kind"), choices=Unit.Kind.choices)
    place = RowField(Place, permissions.PLACE_VIEW, order_by="path", label=_("Place"), required=False)
    phone = forms.CharField(label=_("Extension"), max_length=20, required=False)

    def arrange(self) -> None:
        self.keep("hospital")
        self.within("place")
        self.fields["place"].queryset = self.fields["place"].queryset.exclude(kind="room")


class MergeUnitForm(OfficeForm):
    into = RowField(Unit, permissions.UNIT_CHANGE, label=_("Merge into"))

    def arrange(self) -> None:
        self.within("into")
        self.fields["into"].queryset = self.fields["into"].queryset.filter(closed_on=None).exclude(pk=self.obj.pk)


class TeamForm(OfficeForm):
    hospital = HospitalField(permissions.TEAM_CHANGE)
    department = forms.ChoiceField(label=_("Department"), choices=modules.choices)
    name = forms.CharField(label=_("Name"), max_length=40)
    contractor = forms.ModelChoiceField(
        Contractor.objects.none(), label=_("Contractor"), required=False, empty_label=_("The hospital's own people")
    )
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)

    def arrange(self) -> None:
        self.keep("hospital", "department", "contractor")
        if self.obj is None:
            self.fields["contractor"].queryset = contractors_of(self.actor)


def contractors_of(actor: Any) -> Any:
    """The firms known in the consortia where the actor may see firms."""
    seen = hospitals_with(actor, permissions.CONTRACTOR_VIEW) | hospitals_with(actor, permissions.TEAM_CHANGE)
    return Contractor.objects.filter(consortium__hospital__in=seen).distinct().order_by("name")


class MergeTeamForm(OfficeForm):
    into = RowField(Team, permissions.TEAM_CHANGE, label=_("Merge into"))

    def arrange(self) -> None:
        self.within("into")
        same = self.fields["into"].queryset.filter(closed_on=None, department=self.obj.department)
        self.fields["into"].queryset = same.exclude(pk=self.obj.pk)


class PersonForm(OfficeForm):
    hospital = HospitalField(permissions.PERSON_CHANGE)
    staff_number = forms.CharField(label=_("Staff number"), max_length=20)
    name = forms.CharField(label=pgettext_lazy("of a person", "Name"), max_length=60)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Not needed: people may sign in by staff number.")
    )
    unit = RowField(Unit, permissions.UNIT_VIEW, label=_("Unit"), required=False)
    team = RowField(Team, permissions.TEAM_VIEW, label=_("Team"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=20, required=False)
    post = forms.CharField(label=_("Post"), max_length=40, required=False)
    is_leader = forms.BooleanField(label=_("Team leader"), required=False)
    is_shared = forms.BooleanField(
        label=_("Shared ward account"),
        required=False,
        help_text=_("Each report and signature asks which colleague it is."),
    )

    def arrange(self) -> None:
        self.keep("hospital", "is_shared")
        self.within("unit", "team")
        for name in ("unit", "team"):
            field = self.fields[name]
            field.queryset = field.queryset.filter(closed_on=None)
            if self.hospital:
                field.queryset = field.queryset.filter(hospital_id=self.hospital["id"])
        if self.obj is not None:
            self.initial["email"] = self.obj.user.email

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.obj is None and data.get("team"):
            data["contractor"] = data["team"].contractor
        return data


class LeaveForm(OfficeForm):
    on = forms.DateField(label=_("Last day"), initial=timezone.localdate, widget=DateInput)
    hand_over_to = forms.ModelChoiceField(
        None, label=_("Open work goes to"), required=False, empty_label=_("Nobody: there is no open work")
    )

    def arrange(self) -> None:
        from accounts.models import User
        from tenancy import hooks

        member = self.obj
        colleagues = User.objects.filter(memberships__hospital_id=member.hospital_id, memberships__ends_on=None)
        if member.team_id:
            colleagues = colleagues.filter(memberships__team_id=member.team_id)
        field = self.fields["hand_over_to"]
        field.queryset = colleagues.exclude(pk=member.user_id).distinct().order_by("name")
        count = hooks.open_work_of(member.user, member.hospital_id)
        field.help_text = _("%(count)s jobs are still open.") % {"count": count}


class GrantForm(OfficeForm):
    """A role for the person of the membership, at this hospital or the whole consortium, narrowed where a field is set."""

    role = forms.ModelChoiceField(Role.objects.none(), label=_("Role"), empty_label=_("Choose"))
    everywhere = forms.BooleanField(label=_("At all hospitals of the consortium"), required=False)
    department = forms.ChoiceField(label=_("Only this department"), required=False)
    place = RowField(Place, permissions.PLACE_VIEW, order_by="path", label=_("Only at this place"), required=False)
    unit = RowField(Unit, permissions.UNIT_VIEW, label=_("Only this unit"), required=False)
    team = RowField(Team, permissions.TEAM_VIEW, label=_("Only this team"), required=False)
    contractor = forms.ModelChoiceField(
        Contractor.objects.none(),
        label=_("Only work given to this firm"),
        required=False,
        empty_label=_("Not narrowed"),
    )
    own = forms.BooleanField(label=_("Only what is theirs"), required=False)
    ends_on = forms.DateField(label=_("Until"), required=False, widget=DateInput)

    def arrange(self) -> None:
        consortium = self.obj.hospital.consortium_id
        self.fields["role"].queryset = Role.objects.filter(consortium=consortium, retired=False).order_by("key")
        self.fields["department"].choices = [("", _("Not narrowed")), *modules.choices()]
        self.fields["contractor"].queryset = contractors_of(self.actor)
        self.within("place", "unit", "team")
        self.fields["place"].queryset = self.fields["place"].queryset.exclude(kind="room")
        for name in ("place", "unit", "team"):
            self.fields[name].empty_label = _("Not narrowed")


class RevokeForm(OfficeForm):
    on = forms.DateField(label=_("Last day"), required=False, widget=DateInput, help_text=_("Empty: at once."))


class ContractorForm(OfficeForm):
    hospital = HospitalField(permissions.CONTRACTOR_CHANGE)
    contractor = forms.ModelChoiceField(
        Contractor.objects.none(), label=_("Firm"), required=False, empty_label=_("A new firm")
    )
    name = forms.CharField(label=_("Name of the new firm"), max_length=100, required=False)
    registration_number = forms.CharField(label=_("Registration number"), max_length=30, required=False)
    department = forms.ChoiceField(label=_("Department"), choices=modules.choices)
    starts_on = forms.DateField(label=_("From"), initial=timezone.localdate, widget=DateInput)
    ends_on = forms.DateField(label=_("Until"), required=False, widget=DateInput)

    def arrange(self) -> None:
        self.fields["contractor"].queryset = contractors_of(self.actor)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("contractor") and not data.get("name"):
            self.add_error("name", _("Please choose a firm or enter the name of a new one."))
        return data


class EndForm(OfficeForm):
    on = forms.DateField(label=_("Last day"), initial=timezone.localdate, widget=DateInput)


class RoleForm(OfficeForm):
    name = forms.CharField(
        label=_("Name"),
        max_length=40,
        required=False,
        help_text=_("Empty: the name it came with, in the reader's language."),
    )
    wanted = forms.MultipleChoiceField(label=_("May"), widget=forms.CheckboxSelectMultiple, required=False)

    def arrange(self) -> None:
        self.fields["wanted"].choices = sorted(declared().items())
        if self.obj is not None:
            self.initial |= {"name": self.obj.own_name, "wanted": self.obj.permissions}


class WhyForm(OfficeForm):
    """One person, one thing, one record."""

    login = forms.CharField(label=_("Person"), help_text=_("E-mail, or hospital code/staff number"))
    permission = forms.ChoiceField(label=_("May"))
    number = forms.CharField(label=_("Record"), help_text=_("An order number, asset code, place code, or unit code"))

    def arrange(self) -> None:
        self.fields["permission"].choices = sorted(declared().items(), key=lambda item: str(item[1]))

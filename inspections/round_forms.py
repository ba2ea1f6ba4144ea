"""What the steps of a round ask."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.base import ContentFile
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from flow import domain as flow
from flow.models import Attachment
from flow.states import choices
from inspections.states import SKIP_REASONS
from people.queries import skilled
from tenancy.models import Membership
from ui.forms import Form
from workorders.forms import ScreenSignatureForm


class AssignForm(Form):
    """Who does it: somebody of the team with the skill it needs."""

    assignee = forms.ModelChoiceField(
        User.objects.none(), label=_("Who does it"), required=False, empty_label=_("Who is free takes it")
    )

    def prepare(self) -> None:
        field: Any = self.fields["assignee"]
        field.queryset = User.objects.filter(pk__in=crew(self.obj)).order_by("name")
        field.label_from_instance = lambda user: user.name


def crew(round: Any) -> set[int]:
    """Ids of those of the team who may do it today."""
    at_work = Q(ends_on=None) | Q(ends_on__gte=timezone.localdate())
    there = set(Membership.objects.filter(at_work, team=round.team_id).values_list("user_id", flat=True))
    needed = [round.skill.key] if round.skill else []
    return there & skilled(round.hospital_id, needed, timezone.localdate()) if needed else there


class SkipForm(Form):
    """Why a round is not done; somebody else approves it."""

    skip_reason = forms.ChoiceField(
        label=_("Why is it not done?"),
        choices=choices(SKIP_REASONS),
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose.")},
    )
    skip_note = forms.CharField(
        label=_("Remark"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {}


class SignForm(Form):
    """The place visited signs; on a shared account with the colleague's name."""

    name = forms.CharField(label=_("Who signs"), max_length=60, required=False)

    def prepare(self) -> None:
        if not getattr(self.actor, "is_shared", False):
            del self.fields["name"]

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {}


class ScreenForm(ScreenSignatureForm):
    """Somebody of the place visited signs on the worker's phone: the drawing is a file of the round."""

    def keep(self, drawing: ContentFile[bytes]) -> Attachment:
        return flow.attach(self.obj, self.actor, drawing, kind=Attachment.Kind.SIGNATURE)

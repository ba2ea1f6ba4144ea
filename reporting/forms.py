"""Forms of wall screens and monthly reports."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reporting.domain import seen_of
from reporting.models import WORDS_LENGTH, Screen
from reporting.permissions import SCREEN_CHANGE
from tenancy.access import can, hospitals
from tenancy.models import Consortium, Hospital
from ui.forms import Form

WHOLE = "all"


class ScreenForm(Form):
    """A new wall screen: what it is called, whose figures it shows, in which language."""

    name = forms.CharField(label=pgettext_lazy("of a thing", "name"), max_length=60)
    shows = forms.ChoiceField(label=_("shows the figures of"))
    language = forms.ChoiceField(label=_("language"), choices=settings.LANGUAGES)
    seconds = forms.IntegerField(label=_("seconds for a page"), min_value=5, max_value=600, initial=20)

    def prepare(self) -> None:
        self.fields["shows"].choices = [  # type: ignore[attr-defined]
            *((f"{WHOLE}-{one.pk}", one.name) for one in self._consortia()),
            *((str(one.pk), one.name) for one in self._hospitals()),
        ]

    def _hospitals(self) -> list[Hospital]:
        mine = Hospital.objects.filter(pk__in=[one["id"] for one in hospitals(self.actor)]).order_by("code")
        return [
            one for one in mine if can(self.actor, SCREEN_CHANGE, Screen(consortium_id=one.consortium_id, hospital=one))
        ]

    def _consortia(self) -> list[Consortium]:
        ids = sorted({one["consortium"] for one in hospitals(self.actor)})
        found = Consortium.objects.filter(pk__in=ids).order_by("pk")
        return [one for one in found if can(self.actor, SCREEN_CHANGE, Screen(consortium=one))]

    def facts(self) -> dict[str, Any]:
        """What `screens.make_screen` takes."""
        chosen = self.cleaned_data["shows"]
        whole = chosen.startswith(f"{WHOLE}-")
        hospital = None if whole else Hospital.objects.select_related("consortium").get(pk=int(chosen))
        consortium = Consortium.objects.get(pk=int(chosen.removeprefix(f"{WHOLE}-"))) if whole else hospital.consortium  # type: ignore[union-attr]
        names = ("name", "language", "seconds")
        return {
            "consortium": consortium,
            "hospital": hospital,
            "form_key": self.form_key,
            **{name: self.cleaned_data[name] for name in names},
        }


class WordsForm(Form):
    """What the manager says to the figures of the month."""

    words = forms.CharField(
        label=_("What you say to the figures of this month"), max_length=WORDS_LENGTH, required=False, strip=True,
        widget=forms.Textarea(attrs={"rows": "10"}),
        help_text=_("What went well, what did not and why, what is done about it. Whoever receives the report reads it."),
    )  # fmt: skip
    since = forms.CharField(required=False, widget=forms.HiddenInput)

    def initial_from(self, obj: Any) -> dict[str, Any]:
        return {"words": obj.words, "since": seen_of(obj)} if obj else {}


class ScheduleForm(Form):
    """The day and hour on which reports are sent."""

    day = forms.IntegerField(label=_("day of the month"), min_value=1, max_value=28)
    hour = forms.IntegerField(label=_("hour"), min_value=0, max_value=23)

"""What reporters fill in: as little as possible, by taps where it goes."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ui.forms import Form
from workorders import reporting
from workorders.states import URGENCIES

PHOTOS = 5
STARS = [(n, str(n)) for n in range(1, 6)]


class PhotosInput(forms.FileInput):
    """Several photos at once, from the camera or the album."""

    template_name = "workorders/ask_photos_field.html"
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        return files.getlist(name) if hasattr(files, "getlist") else [files[name]] if files.get(name) else []


class PhotosField(forms.FileField):
    """A list of uploads; what is wrong with one of them is said when it is kept."""

    def __init__(self, **kwargs: Any):
        super().__init__(widget=PhotosInput(attrs={"accept": "image/*", "multiple": True}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        files = data or []
        if len(files) > PHOTOS:
            raise ValidationError(_("At most %(count)s photos, please."), params={"count": PHOTOS})
        if self.required and not files:
            raise ValidationError(_("Please add a photo."))
        return [super(PhotosField, self).clean(file, initial) for file in files]


class Stars(forms.RadioSelect):
    """One to five stars in a row."""

    template_name = "workorders/ask_stars_field.html"


class Names(forms.RadioSelect):
    """The people of a ward as a row of large names."""


class WhoForm(Form):
    """On a ward's shared account every step asks which colleague takes it."""

    who_field = "reporter_name"
    who_label = _("Who are you?")

    def __init__(self, *args: Any, people: list[str] = (), **kwargs: Any):  # type: ignore[assignment]
        self.people = people
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        if not getattr(self.actor, "is_shared", False):
            return
        if self.people:
            names = [(name, name) for name in self.people]
            self.fields["colleague"] = forms.ChoiceField(
                label=self.who_label, choices=names, widget=Names, required=False
            )
        label = _("Somebody else") if self.people else self.who_label
        self.fields["other_name"] = forms.CharField(label=label, max_length=60, required=False)
        self.dress(self.fields["other_name"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        colleague, other = cleaned.pop("colleague", ""), cleaned.pop("other_name", "")
        if not getattr(self.actor, "is_shared", False):
            return cleaned
        cleaned[self.who_field] = other.strip() or colleague
        if not cleaned[self.who_field]:
            self.add_error("colleague" if self.people else "other_name", _("Please choose your name."))
        return cleaned


class ReportForm(WhoForm):
    """The last screen of a report. The usual case needs no field at all."""

    photos = PhotosField(label=_("Photo"), required=False)
    description = forms.CharField(
        label=_("Anything to add?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, question: str = "", urgency: str = "", **kwargs: Any):
        self.question, self.usual = question, urgency
        super().__init__(*args, **kwargs)
        self.form_key = _uuid(self.form_key)

    def prepare(self) -> None:
        super().prepare()
        if self.question:
            self.fields["description"].label = self.question
        self.offer_urgency()

    def offer_urgency(self) -> None:
        """Chips that only raise: what is urgent of itself stays so."""
        choices = [(value, URGENCIES[value].label) for value in reporting.raised(self.usual)]
        if len(choices) > 1:
            self.fields["urgency"] = forms.ChoiceField(
                label=_("How urgent?"), choices=choices, widget=forms.RadioSelect, initial=self.usual, required=False
            )


def _uuid(text: str) -> UUID:
    """The key of this sheet: sent twice, it makes one order."""
    try:
        return UUID(str(text))
    except ValueError:
        return uuid4()


class VisitorForm(ReportForm):
    """What a patient or relative sends from a door: no account, no urgency to choose."""

    reporter_name = forms.CharField(label=_("Your name or bed"), max_length=60, required=False)
    phone = forms.CharField(
        label=_("Your telephone"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        help_text=_("Only so that the technician can ask back."),
    )

    def offer_urgency(self) -> None:
        """Visitors do not choose one."""


class RatingForm(WhoForm):
    """Signing work off: three ratings, each may be left out, and a word."""

    who_field = "name"
    who_label = _("Who signs?")
    attitude = forms.TypedChoiceField(label=_("Attitude"), choices=STARS, coerce=int, widget=Stars, required=False)
    skill = forms.TypedChoiceField(label=_("Skill"), choices=STARS, coerce=int, widget=Stars, required=False)
    speed = forms.TypedChoiceField(label=_("Speed"), choices=STARS, coerce=int, widget=Stars, required=False)
    comment = forms.CharField(
        label=_("Anything to add?"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("attitude", "skill", "speed"):
            cleaned[name] = cleaned.get(name) or None
        return cleaned


class ReasonForm(Form):
    """Why a report is withdrawn: a usual reason by a tap, or in words."""

    usual: tuple[Any, ...] = (_("It works again"), _("Reported by mistake"), _("Reported twice"))
    pick = forms.ChoiceField(label=_("Why?"), widget=forms.RadioSelect, required=False)
    reason = forms.CharField(
        label=_("In your words"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def prepare(self) -> None:
        self.fields["pick"].choices = [(str(words), words) for words in self.usual]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["reason"] = (cleaned.get("reason") or "").strip() or cleaned.pop("pick", "")
        cleaned.pop("pick", None)
        if not cleaned["reason"] and "reason" not in self.errors:
            self.add_error("reason", _("Please say why."))
        return cleaned


class ReworkForm(ReasonForm):
    """Why work is sent back, with a photo of how it looks now."""

    usual = (_("It still does not work"), _("It broke again"), _("Left dirty or unfinished"))
    photos = PhotosField(label=_("Photo"), required=False)


class ObjectionForm(ReasonForm):
    """Why the answer to a complaint does not satisfy."""

    usual = (_("The trouble is still there"), _("Nobody spoke to us"))


class RemarkForm(Form):
    """A word to whoever works on it, or another photo."""

    text = forms.CharField(
        label=_("A word to the technician"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    photos = PhotosField(label=_("Photo"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not (cleaned["text"].strip() or cleaned["photos"]):
            self.add_error("text", _("Please write something or add a photo."))
        return cleaned

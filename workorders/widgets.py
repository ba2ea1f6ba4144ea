"""Fields that a text box cannot be: a place found by typing, stars, a drawn signature."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tenancy.models import Place
from ui.pages import whole


class PlaceInput(forms.TextInput):
    """Typing finds places by name, initials, code or extension; the choice goes into a hidden field."""

    template_name = "workorders/widgets/place.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, getattr(value, "pk", value), attrs)
        chosen = whole(context["widget"]["value"])
        place = Place.objects.filter(pk=chosen).first() if chosen else None
        context["widget"]["shown"] = str(place) if place else ""
        return context


UNITS = ((1, _("minutes")), (60, _("hours")), (1440, _("days")))


class LimitInput(forms.MultiWidget):
    """A length of time as a number and its unit."""

    template_name = "workorders/widgets/limit.html"

    def __init__(self, attrs: dict[str, Any] | None = None):
        number = forms.NumberInput(attrs={"class": "form-control", "min": 1, "inputmode": "numeric"})
        super().__init__([number, forms.Select(choices=UNITS, attrs={"class": "form-select"})], attrs)

    def decompress(self, value: int | None) -> list[Any]:
        if not value:  # nothing, or at once
            return [value, 60 if value is None else 1]
        unit = next(unit for unit, _label in reversed(UNITS) if value % unit == 0)
        return [value // unit, unit]


class LimitField(forms.MultiValueField):
    """A time limit; cleaned to minutes."""

    widget = LimitInput

    def __init__(self, **kwargs: Any):
        number = forms.IntegerField(min_value=1, max_value=100_000)
        super().__init__([number, forms.TypedChoiceField(choices=UNITS, coerce=int)], **kwargs)

    def compress(self, data: list[Any]) -> int | None:
        return data[0] * data[1] if data else None


class Stars(forms.RadioSelect):
    """One to five."""

    template_name = "workorders/widgets/stars.html"


class SignatureInput(forms.HiddenInput):
    """A box to sign in with the finger; its drawing is sent as a PNG."""

    template_name = "workorders/widgets/signature.html"
    is_hidden = False

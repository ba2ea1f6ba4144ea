"""Fields that a text box cannot be: a place found by typing, stars, a drawn signature."""

from __future__ import annotations

from typing import Any

from django import forms

from tenancy.models import Place


class PlaceInput(forms.TextInput):
    """Typing finds places by name, initials, code or extension; the choice goes into a hidden field."""

    template_name = "workorders/widgets/place.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, getattr(value, "pk", value), attrs)
        chosen = context["widget"]["value"]
        place = Place.objects.filter(pk=chosen).first() if chosen and str(chosen).isdigit() else None
        context["widget"]["shown"] = str(place) if place else ""
        return context


class Stars(forms.RadioSelect):
    """One to five."""

    template_name = "workorders/widgets/stars.html"


class SignatureInput(forms.HiddenInput):
    """A box to sign in with the finger; its drawing is sent as a PNG."""

    template_name = "workorders/widgets/signature.html"
    is_hidden = False

"""The base of every form: it knows who fills it in, keeps what was typed, and says what is wrong beside the field."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Model, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from ui import rendering

CSS = {
    forms.RadioSelect: "",
    forms.CheckboxSelectMultiple: "",
    forms.HiddenInput: "",
    forms.CheckboxInput: "form-check-input",
    forms.Select: "form-select",
}
EMPTY: dict[
    tuple[type[forms.Form], str | None], list[str]
] = {}  # of forms that look the same for all, around their key


CHANGED = _("This was changed meanwhile, and nothing was saved. Open it again to see what stands there.")


def mark(shown: Any) -> str:
    """A short mark of what a page shows: who saves one that was drawn before somebody else saved brings another."""
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


class Renderer(rendering.Renderer):
    form_template_name = "ui/partials/fields.html"
    field_template_name = "ui/partials/field.html"


def key_of(text: str | None) -> uuid.UUID | None:
    """The key a form was sent with; None where there is none or it was tampered with."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


class Form(forms.Form):
    """A plain form; saving is always a function of the app's `domain.py`.

    `actor` fills it in; `obj` is what it changes or what a step is taken with (None when something new is made);
    `hospital` is the one of the switch, the default of a new thing. A `RowField` offers only what the actor may see.
    """

    stores_key = False  # True: `form_key` is among the cleaned data, for a domain function that stores it
    same_for_all = False  # True: nothing but the language decides how it looks while it is empty; drawn once for each
    default_renderer = Renderer
    use_required_attribute = False  # the errors are ours, in the person's language

    def __init__(
        self,
        data: Any = None,
        files: Any = None,
        *,
        actor: Any,
        obj: Any = None,
        hospital: Any = None,
        initial: dict[str, Any] | None = None,
    ):
        self.actor, self.obj, self.hospital = actor, obj, hospital
        super().__init__(data, files, initial={**self.initial_from(obj), **(initial or {})})
        self.form_key = key_of((data or {}).get("form_key")) or uuid.uuid4()
        for field in self.fields.values():
            if isinstance(field, RowField):
                field.offer(actor)
            self.dress(field)
        self.prepare()
        kept = isinstance(obj, Model) and obj.pk is not None and not self.same_for_all
        self.drawn = (data or {}).get("drawn") or (self.standing() if kept else "")

    def standing(self) -> str:
        """A mark of what the row holds now in the fields of this form: whoever saves a page that was drawn before
        somebody else changed it shows another.
        """
        fields = [field for field in self.obj._meta.concrete_fields if field.name in self.fields]
        plain = [(field.name, str(field.value_from_object(self.obj))) for field in fields]
        return mark(plain)

    def still_stands(self) -> None:
        """Raises ValidationError "stale" where somebody else has changed the row since the page was drawn."""
        if self.drawn and isinstance(self.obj, Model) and self.drawn != self.standing():
            raise ValidationError(CHANGED, code="stale")

    def prepare(self) -> None:
        """For forms whose fields depend on the actor, the object or the hospital."""

    def initial_from(self, obj: Any) -> dict[str, Any]:
        """The present values of what is changed."""
        return {name: getattr(obj, name) for name in self.base_fields if hasattr(obj, name)} if obj else {}

    @staticmethod
    def dress(field: forms.Field) -> None:
        widget = field.widget
        if isinstance(widget, forms.MultiWidget):  # each of its boxes has a look of its own
            return
        css = next((css for kind, css in CSS.items() if isinstance(widget, kind)), "form-control")
        widget.attrs["class"] = " ".join(filter(None, [widget.attrs.get("class"), css]))
        if isinstance(widget, forms.Textarea) and widget.attrs.get("rows") == "10":  # nobody asked for a height
            widget.attrs["rows"] = "3"

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        if not self.same_for_all or self.is_bound or self.initial or args or kwargs:
            return super().render(*args, **kwargs)
        kept, key = (type(self), get_language()), str(self.form_key)
        if kept not in EMPTY:
            EMPTY[kept] = super().render().split(key)
        return SafeString(key.join(EMPTY[kept]))

    __str__ = __html__ = render  # the base has them of its own

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        return {**cleaned, "form_key": self.form_key} if self.stores_key else cleaned

    def refuse(self, error: ValidationError) -> None:
        """Put a refusal of the domain beside the fields it names; what names no field of ours stands on top."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, errors in error.error_dict.items():
            self.add_error(name if name in self.fields and name != NON_FIELD_ERRORS else None, errors)

    @property
    def wrong_fields(self) -> list[forms.BoundField]:
        return [bound for bound in self if bound.errors]

    @property
    def takes_files(self) -> bool:
        return self.is_multipart()


class RowField(forms.ModelChoiceField):
    """A choice among the rows on which the actor holds `permission`; `narrow` may cut them further."""

    def __init__(self, model: type[Model], permission: str, *, order_by: str = "name", **kwargs: Any):
        self.model, self.permission, self.order_by = model, permission, order_by
        kwargs.setdefault("empty_label", _("Choose"))
        super().__init__(model._default_manager.none(), **kwargs)

    def offer(self, actor: Any) -> None:
        self.queryset = self.rows(actor)

    def rows(self, actor: Any) -> QuerySet[Any]:
        return self.model._default_manager.for_user(actor, self.permission).order_by(self.order_by)  # type: ignore[attr-defined]


class RowsField(forms.ModelMultipleChoiceField, RowField):
    """Several of them."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, model: type[Model], permission: str, *, order_by: str = "name", **kwargs: Any):
        self.model, self.permission, self.order_by = model, permission, order_by
        forms.ModelMultipleChoiceField.__init__(self, model._default_manager.none(), **kwargs)


class DateInput(forms.DateInput):
    """The device's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__(attrs, format="%Y-%m-%d")


class DateTimeInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class Tiles(forms.RadioSelect):
    """A choice by pictures: `pictures` names the drawing of each value."""

    template_name = "ui/partials/tiles.html"
    option_template_name = "ui/partials/tile.html"

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = (), pictures: dict[Any, str] | None = None):
        super().__init__(attrs, choices)
        self.pictures = pictures or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        option["picture"] = self.pictures.get(getattr(value, "value", value), "dots")
        return option


class SearchedChoices(forms.CheckboxSelectMultiple):
    """Several of many, under headings; a box above finds them by their words, the chosen ones stand on top."""

    template_name = "ui/partials/searched.html"

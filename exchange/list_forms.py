"""A saved view: its name, who sees it, whether the list opens with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from exchange import saved
from exchange.lists import MINE, SavedView
from ui.forms import Form


class ViewForm(Form):
    """`obj` is the view that is changed; `changed`: the list shows something else now than the view says."""

    name = forms.CharField(label=_("Name"), max_length=40)
    audience = forms.ChoiceField(label=_("Who sees it"), choices=(), widget=forms.RadioSelect)
    first = forms.BooleanField(label=_("Open the list with this view"), required=False)
    take_over = forms.BooleanField(
        label=_("Take over the filters, the sorting and the columns as they are shown now"), required=False
    )

    def __init__(self, *args: Any, changed: bool = False, is_first: bool = False, **kwargs: Any):
        self.changed, self.is_first = changed, is_first
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        view: SavedView | None = self.obj
        at = view.hospitals if view else [self.hospital["id"]] if self.hospital else []
        offered = saved.audiences(self.actor, at)
        now = view.audience if view else MINE
        audience: Any = self.fields["audience"]
        audience.choices = [c for c in SavedView.Audience.choices if c[0] in offered or c[0] == now]
        self.initial.setdefault("audience", now)
        if len(audience.choices) == 1:
            audience.widget, audience.required = forms.HiddenInput(), False
        self.initial["first"] = self.is_first
        if view is None or not self.changed:
            del self.fields["take_over"]
        else:
            self.initial["take_over"] = True
        if view is not None and not saved.may_change(self.actor, view):
            for name in ("name", "audience", "take_over"):
                self.fields.pop(name, None)

    def clean_audience(self) -> str:
        return self.cleaned_data["audience"] or MINE

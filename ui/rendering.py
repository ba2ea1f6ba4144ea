"""Form fields drawn by functions, as Django's templates draw them, in a tenth of the time.

A list's filters are thirty fields with hundreds of options, and Django renders a template for each option.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting
from django.utils.formats import localize
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from ui.parts import escaped

Widget = dict[str, Any]  # as `Widget.get_context` describes it


def _attributes(widget: Widget) -> str:
    parts = []
    for name, value in widget["attrs"].items():
        if value is True:
            parts.append(f" {conditional_escape(name)}")
        elif value is not False:
            parts.append(f' {conditional_escape(name)}="{conditional_escape(value)}"')
    return "".join(parts)


def _input(widget: Widget) -> str:
    value = widget["value"]
    written = "" if value is None else f' value="{conditional_escape(value)}"'
    kind, name = conditional_escape(widget["type"]), conditional_escape(widget["name"])
    return f'<input type="{kind}" name="{name}"{written}{_attributes(widget)}>'


def _option(widget: Widget) -> str:
    label = conditional_escape(localize(widget["label"]))
    return f'<option value="{conditional_escape(widget["value"])}"{_attributes(widget)}>{label}</option>'


def _select(widget: Widget) -> str:
    parts = [f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget)}>']
    for name, options, _index in widget["optgroups"]:
        if name:
            parts.append(f'\n  <optgroup label="{conditional_escape(localize(name))}">')
        parts += [f"\n  {_option(option)}" for option in options]
        if name:
            parts.append("\n  </optgroup>")
    return "".join([*parts, "\n</select>"])


def _period(widget: Widget) -> str:
    """From and until (`ui.filters.PeriodWidget`)."""
    return f'<span class="period">{"<span>–</span>".join(map(_input, widget["subwidgets"]))}</span>'


class Select(forms.Select):
    """A choice drawn straight from what it offers: what Django prepares for each option takes longer than drawing it."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen, found = set(self.format_value(value)), False

        def option(key: Any, label: Any) -> str:
            nonlocal found
            key = "" if key is None else str(key)
            mark = " selected" if not found and key in chosen else ""
            found = found or bool(mark)
            return f'\n  <option value="{escaped(key)}"{mark}>{escaped(label)}</option>'

        parts = [f'<select name="{escaped(name)}"{_attributes({"attrs": self.build_attrs(self.attrs, attrs)})}>']
        for key, label in self.choices:
            if isinstance(label, (list, tuple)):
                parts += [f'\n  <optgroup label="{escaped(key)}">', *(option(*one) for one in label), "\n  </optgroup>"]
            else:
                parts.append(option(key, label))
        return SafeString("".join([*parts, "\n</select>"]))


def named(fields: Iterable[forms.BoundField]) -> SafeString:
    """The filters above a list, each with its name."""
    parts = []
    for field in fields:
        key, label = field.id_for_label, escaped(field.label)
        name = f'<label for="{escaped(key)}">{label}</label>' if key else f'<span class="label">{label}</span>'
        parts.append(f'<div class="field">{name}{field}</div>')
    return SafeString("\n".join(parts))


INPUTS = ("text", "input", "hidden", "date", "number", "email", "password", "search", "tel", "url")
DRAWN: dict[str, Callable[[Widget], str]] = {
    **{f"django/forms/widgets/{name}.html": _input for name in INPUTS},
    "django/forms/widgets/select.html": _select,
    "ui/partials/period.html": _period,
}


class Renderer(TemplatesSetting):
    """Draws what it knows itself and leaves the rest to the templates."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        draw = DRAWN.get(template_name)
        return draw(context["widget"]) if draw else super().render(template_name, context, request)

"""How items of checklists are shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from inspections import judging
from inspections.builder import NUMBERS
from inspections.states import ACTIONS, KINDS, PHOTOS, WEIGHTS
from ui import parts

register = template.Library()


@register.filter
def limits(item: Any) -> str:
    """What is allowed, in words."""
    return judging.limits(item)


@register.filter
def raw(value: Decimal) -> str:
    """A number for scripts: a point, no grouping, no digits that say nothing."""
    return f"{value.normalize():f}"


@register.filter
def trimmed(value: Decimal) -> str:
    """A number for people, without digits that say nothing."""
    return judging.plain(value)


def _badge(states: Any, key: str) -> SafeString:
    return parts.badge(states[key].label, states[key].tone, states[key].icon)


@register.simple_tag
def kind(item: Any) -> SafeString:
    return _badge(KINDS, item.kind)


@register.simple_tag
def weight(item: Any) -> SafeString:
    return _badge(WEIGHTS, item.weight)


@register.simple_tag
def on_fail(item: Any) -> SafeString:
    return _badge(ACTIONS, item.on_fail)


@register.simple_tag
def photo(item: Any) -> Any:
    return PHOTOS[item.photo].label


@register.simple_tag
def faults(row: Any, name: str) -> SafeString:
    """What is wrong in a box of the builder."""
    told = format_html_join(" ", "{}", ((message,) for message in row.wrong.get(name, ())))
    return (
        format_html('<div class="invalid-feedback d-block" id="{}-{}-wrong">{}</div>', row.id, name, told)
        if told
        else told
    )


@register.simple_tag
def typed(row: Any, name: str, label: Any, longest: int) -> SafeString:
    """A box of the builder with its label and what is wrong in it."""
    wrong = bool(row.wrong.get(name))
    mode = mark_safe(' inputmode="decimal"') if name in NUMBERS else ""
    state = format_html(' aria-invalid="true" aria-describedby="{}-{}-wrong"', row.id, name) if wrong else ""
    return format_html(
        '<div><label class="form-label" for="{0}-{1}">{2}</label><input class="form-control{3}" id="{0}-{1}" name="{0}-{1}"'
        ' value="{4}" maxlength="{5}" autocomplete="off"{6}{7}>{8}</div>',
        row.id, name, label, " is-invalid" if wrong else "", row.typed.get(name, ""), longest, mode, state,
        faults(row, name),
    )  # fmt: skip


@register.simple_tag
def chosen(row: Any, name: str, states: Any) -> SafeString:
    """A choice of the builder among declared states."""
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((s.value, mark_safe(" selected") if s.value == row.typed.get(name) else "", s.label) for s in states),
    )
    return format_html(
        '<select class="form-select" id="{0}-{1}" name="{0}-{1}">{2}</select>{3}',
        row.id,
        name,
        options,
        faults(row, name),
    )

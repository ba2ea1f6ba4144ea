"""How items of checklists are shown."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.safestring import SafeString

from inspections import judging
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

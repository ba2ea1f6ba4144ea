"""Tags of the pages of absences."""

from typing import Any

from django import template

from people.permissions import ABSENCE_CHANGE
from tenancy.access import can

register = template.Library()


@register.simple_tag(takes_context=True)
def may_enter(context: template.Context, absence: Any = None) -> bool:
    """May this person enter absences, or change this one?"""
    return can(context["request"].user, ABSENCE_CHANGE, absence)

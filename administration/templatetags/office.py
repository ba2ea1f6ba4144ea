"""Tags of the organisation's pages."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def verbs(context: template.Context, obj: Any) -> list[dict[str, Any]]:
    """The verbs this person may use on the record."""
    return context["crud"].offered(obj, context["request"].user)

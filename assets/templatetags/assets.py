"""The parts of an asset's page that other rooms declare."""

from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from assets.models import Asset
from assets.panels import panels

register = template.Library()


@register.simple_tag(takes_context=True)
def asset_panels(context: template.Context, asset: Asset) -> SafeString:
    """Every declared panel that has something for this person, one below the other."""
    request, drawn = context["request"], []
    for panel in panels():
        facts: dict[str, Any] | None = panel.context(request.user, asset)
        if facts is not None:
            drawn.append(render_to_string(panel.template, {**facts, "asset": asset}, request))
    return mark_safe("".join(drawn))

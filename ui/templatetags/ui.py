"""Tags every template may use without loading them: icon, badge, times, figures, buttons of the next steps."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from tenancy.access import hospitals_with
from ui import formats, history, moves, parts, rendering

register = template.Library()
register.simple_tag(parts.icon, name="icon")
register.simple_tag(parts.due, name="due")
register.filter("duration", formats.duration)
register.filter("money", formats.money)
register.filter("number", formats.number)
register.filter("percent", formats.percent)
register.filter("month", formats.month)
register.filter("listed", formats.listed)
register.filter("named", rendering.named)


@register.simple_tag
def badge(state: Any) -> SafeString:
    """A declared state (`flow.states.State`), or anything with label, tone and icon."""
    return parts.badge(state.label, state.tone, state.icon) if state else parts.EMPTY


@register.filter
def ago(at: datetime | date | None) -> SafeString:
    """今天 14:05, 昨天 14:05, 11-21 14:05; the exact time on hover."""
    return parts.moment(at)


@register.filter
def missing(value: Any) -> Any:
    """The value, or a dash where there is none. Nought is a value."""
    return parts.EMPTY if value is None or value == "" else value


@register.simple_tag
def place(node: Any) -> SafeString:
    """Where: the last step strong, what it lies in before it."""
    return parts.place_path(str(node)) if node else parts.EMPTY


@register.filter
def undo_url(message: Any) -> str:
    """The address that takes back what the message reports, if it can be taken back."""
    return moves.undo_url(message)


@register.simple_tag(takes_context=True)
def may_open(context: template.Context, permission: str, row: Any = None) -> bool:
    """Has the reader this permission at the row's hospital, or (without a row) anywhere? Else there is no link."""
    where = hospitals_with(context["request"].user, permission)
    return bool(where) if row is None else row.hospital_id in where


@register.inclusion_tag("ui/partials/actions.html", takes_context=True)
def actions(context: template.Context, obj: Any, crud: Any = None) -> dict[str, Any]:
    """A button for each next step this person may take with `obj`."""
    crud = crud or context["crud"]
    steps = moves.steps(crud, obj, context["request"].user)
    return {"steps": steps, "csrf_token": context.get("csrf_token"), "request": context["request"]}


@register.simple_tag
def happened(event: Any, machine: Any = None) -> str:
    """What an event was: the step's words, or those of what can happen to anything."""
    return str(history.words(event, machine))


@register.filter
def changes(event: Any) -> list[str]:
    """A field edit as sentences."""
    return history.changes(event)


@register.inclusion_tag("ui/partials/figure.html")
def figure(name: Any, value: Any, **facts: Any) -> dict[str, Any]:
    """A figure that explains itself: unit, note (target, difference in words), tone of the note, url, history, n."""
    return {"name": name, "value": value, **facts}


@register.simple_tag
def sparkline(values: Any, running: bool = False) -> SafeString:
    """The course of a figure as a line, from nought or its lowest value; `running`: the last period is not over."""
    known = [(index, float(value)) for index, value in enumerate(values) if value is not None]
    if len(known) < 2:
        return mark_safe("")
    low, high = min(0.0, *(v for _i, v in known)), max(v for _i, v in known)
    span, last = (high - low) or 1.0, len(values) - 1
    points = [(index / last * 100, 22 - (value - low) / span * 20) for index, value in known]
    steady = points[:-1] if running else points
    path = "M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in steady)
    tail = "M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in points[-2:]) if running else ""
    return format_html(
        '<svg class="sparkline" viewBox="0 0 100 24" preserveAspectRatio="none" aria-hidden="true">'
        '<path d="{}"></path><path class="running" d="{}"></path></svg>',
        path,
        tail,
    )


@register.inclusion_tag("ui/partials/chart.html")
def chart(drawing: Any) -> dict[str, Any]:
    """A chart (`ui.charts.Chart`) with its table twin."""
    return {"chart": drawing}


class Fixed(template.Node):
    """What is the same on every page for all who read the same language and of whom the named values are the same.

    Drawn once in each process: the words, drawings and addresses of the frame take longer than the rows of a list.
    """

    most = 256  # of a language and its values; all are drawn anew when there are more

    def __init__(self, nodes: template.NodeList, values: list[template.base.FilterExpression]):
        self.nodelist, self.values = nodes, values
        self.drawn: dict[Any, SafeString] = {}

    def render(self, context: template.Context) -> SafeString:
        key = (get_language(), settings.ROOT_URLCONF, *[value.resolve(context) for value in self.values])
        if (found := self.drawn.get(key)) is None:
            if len(self.drawn) >= self.most:
                self.drawn.clear()
            found = self.drawn[key] = self.nodelist.render(context)
        return found


@register.tag
def fixed(parser: template.base.Parser, token: template.base.Token) -> Fixed:
    """{% fixed %} … {% endfixed %}, or {% fixed value … %}: nothing between may depend on anything but these values."""
    values = [parser.compile_filter(one) for one in token.split_contents()[1:]]
    nodes = parser.parse(("endfixed",))
    parser.delete_first_token()
    return Fixed(nodes, values)

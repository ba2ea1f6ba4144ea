"""The pieces that tables and template tags share: icon, badge, time, time limit.

HTML by `format_html`; what stands in every row of a list is put together of texts that went through `escaped`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from html import escape
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_noop

from ui import formats
from ui.icons import NAMES

SOON = timedelta(hours=2)
LATE, IN_TIME = gettext_noop("%(time)s late"), gettext_noop("in time")
OVERDUE, LEFT = gettext_noop("overdue by %(time)s"), gettext_noop("%(time)s left")
DAYS_LATE, DAYS_OVERDUE = (
    gettext_noop("%(time)s too late"),
    gettext_noop("overdue for %(time)s"),
)  # Chinese has two words
A_DAY = timedelta(days=1)
EMPTY = mark_safe('<span class="missing">—</span>')


def escaped(value: Any) -> str:
    """`conditional_escape` in a third of the time for what cells hold: plain text, and HTML that is safe already."""
    kind = type(value)
    if kind is SafeString:
        return value  # type: ignore[no-any-return]
    return escape(value) if kind is str else conditional_escape(value)


@lru_cache(maxsize=1024)
def icon(name: str, css: str = "") -> SafeString:
    """A drawing from the sprite. It never stands alone: the words are beside it."""
    if name not in NAMES:
        if settings.DEBUG:
            raise KeyError(f"no drawing {name!r} in ui/icons")
        name = "question-mark"
    return format_html(
        '<svg class="icon{}{}" aria-hidden="true"><use href="{}#{}"></use></svg>',
        " " if css else "",
        css,
        static("icons.svg"),
        name,
    )


def badge(label: Any, tone: str = "grey", drawing: str = "") -> SafeString:
    """A state: colour, drawing and word together."""
    return _badge(str(label), tone, drawing)


@lru_cache(maxsize=4096, typed=True)  # typed: plain words are never taken for the same ones that are safe HTML
def _badge(label: str, tone: str, drawing: str) -> SafeString:
    return format_html('<span class="state tone-{}">{}{}</span>', tone, icon(drawing) if drawing else "", label)


def moment(at: datetime | date | None, clock: formats.Clock | None = None) -> SafeString:
    """A time as people say it, the exact one on hover."""
    if at is None:
        return EMPTY
    if not isinstance(at, datetime):
        return format_html('<time datetime="{}" title="{}">{}</time>', at.isoformat(), at.isoformat(), formats.day(at))
    clock = clock or formats.Clock()
    local = clock.local(at)
    return _time(local, clock.spoken(local))


def _time(local: datetime, shown: Any) -> SafeString:
    stamp = local.isoformat(timespec="seconds")
    return SafeString(f'<time datetime="{stamp}" title="{stamp[:10]} {stamp[11:19]}">{escaped(shown)}</time>')


@dataclass(frozen=True)
class Limit:
    """How a time limit stands: the words, the tone, the drawing."""

    text: str
    tone: str
    drawing: str


def limit(
    due_at: datetime,
    done_at: datetime | None = None,
    clock: formats.Clock | None = None,
    late_from: datetime | None = None,
) -> Limit:
    """Overdue, soon, in time; for what is done, whether it was done in time. Until `late_from` what is due is still in time."""
    clock = clock or formats.Clock()
    left = due_at - (done_at or clock.now)
    in_grace = late_from is not None and left < timedelta(0) and (done_at or clock.now) < late_from
    if late_from is not None and in_grace:
        left = late_from - (done_at or clock.now)
    if done_at:
        if left < timedelta(0):
            return Limit(
                clock.said(LATE if -left < A_DAY else DAYS_LATE) % {"time": formats.duration(-left)}, "red", "alarm"
            )
        return Limit(clock.said(IN_TIME), "green", "check")
    if left < timedelta(0):
        return Limit(
            clock.said(OVERDUE if -left < A_DAY else DAYS_OVERDUE) % {"time": formats.duration(-left)}, "red", "alarm"
        )
    if left < SOON or in_grace:
        return Limit(clock.said(LEFT) % {"time": formats.duration(left)}, "amber", "clock")
    return Limit(clock.spoken(clock.local(due_at)), "", "")


def due(
    due_at: datetime | None,
    done_at: datetime | None = None,
    clock: formats.Clock | None = None,
    late_from: datetime | None = None,
) -> SafeString:
    """A time limit: red when overdue, amber when near, plain otherwise; the exact time on hover."""
    if due_at is None:
        return EMPTY
    clock = clock or formats.Clock()
    state = limit(due_at, done_at, clock, late_from)
    shown = badge(state.text, state.tone, state.drawing) if state.tone else state.text
    return _time(clock.local(due_at), shown)


def place_path(full_name: str) -> SafeString:
    """Where: the steps above in grey, the place itself plain. 门诊楼 / 3 层 / 护士站."""
    above, slash, here = full_name.rpartition(" / ")
    return SafeString(f'<span><span class="path-up">{escape(above + slash)}</span>{escape(here)}</span>')

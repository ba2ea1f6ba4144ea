"""A rhythm in words: "每 2 周的周一、周四 08:00", "every 2 weeks on Mon, Thu 08:00"."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from assets.meters import called
from inspections.recurrence import LAST
from inspections.states import DAY, HOLIDAYS, HOUR, KEEP, MONTH, WEEK, WORKDAY, YEAR

DAYS = (
    *(pgettext_lazy("weekday in a rhythm", "Mon"), pgettext_lazy("weekday in a rhythm", "Tue")),
    *(pgettext_lazy("weekday in a rhythm", "Wed"), pgettext_lazy("weekday in a rhythm", "Thu")),
    *(pgettext_lazy("weekday in a rhythm", "Fri"), pgettext_lazy("weekday in a rhythm", "Sat")),
    pgettext_lazy("weekday in a rhythm", "Sun"),
)
MONTHS = (
    *(pgettext_lazy("month in a rhythm", "January"), pgettext_lazy("month in a rhythm", "February")),
    *(pgettext_lazy("month in a rhythm", "March"), pgettext_lazy("month in a rhythm", "April")),
    *(pgettext_lazy("month in a rhythm", "May"), pgettext_lazy("month in a rhythm", "June")),
    *(pgettext_lazy("month in a rhythm", "July"), pgettext_lazy("month in a rhythm", "August")),
    *(pgettext_lazy("month in a rhythm", "September"), pgettext_lazy("month in a rhythm", "October")),
    *(pgettext_lazy("month in a rhythm", "November"), pgettext_lazy("month in a rhythm", "December")),
)


def rhythm(plan: Any) -> str:
    """How often, on which days, at what time; then what changes that."""
    parts = []
    if plan.step:
        words = (
            _("%(how_often)s, day and night") if plan.step == HOUR and not plan.until else _("%(how_often)s %(time)s")
        )
        parts.append(words % {"how_often": _how_often(plan), "time": _time(plan)})
        parts += _bent(plan)
    if plan.meter_every is not None:
        amount = {"amount": f"{plan.meter_every.normalize():f}", "meter": called(plan.meter)}
        words = (
            _("or each %(amount)s on the meter “%(meter)s”")
            if plan.step
            else _("each %(amount)s on the meter “%(meter)s”")
        )
        parts.append(words % amount)
    if plan.step and plan.is_rolling:
        parts.append(_("counted from the last completion"))
    return pgettext("between the parts of a rhythm", ", ").join(parts)


def _every(step: str, n: int) -> str:
    one, many = {
        HOUR: (pgettext("rhythm", "every hour"), pgettext("rhythm", "every %(n)s hours")),
        DAY: (pgettext("rhythm", "every day"), pgettext("rhythm", "every %(n)s days")),
        WORKDAY: (pgettext("rhythm", "every working day"), pgettext("rhythm", "every %(n)s working days")),
        WEEK: (pgettext("rhythm", "every week"), pgettext("rhythm", "every %(n)s weeks")),
        MONTH: (pgettext("rhythm", "every month"), pgettext("rhythm", "every %(n)s months")),
        YEAR: (pgettext("rhythm", "every year"), pgettext("rhythm", "every %(n)s years")),
    }[step]
    return one if n == 1 else many % {"n": n}


def _listed(words: Any) -> str:
    return pgettext("between the days of a list", ", ").join(str(word) for word in words)


def _how_often(plan: Any) -> str:
    every = _every(plan.step, plan.every)
    if plan.step == WEEK and not (plan.is_rolling and not plan.weekdays):
        days = sorted(set(plan.weekdays)) or [plan.starts_on.weekday()]
        words = _("every week on %(days)s") if plan.every == 1 else _("%(every)s on %(days)s")
        return words % {"every": every, "days": _listed(DAYS[day] for day in days)}
    if plan.step == YEAR and not plan.is_rolling:
        months = _listed(_month(month) for month in plan.months or [plan.starts_on.month])
        return _("%(every)s in %(months)s, %(day)s") % {"every": every, "months": months, "day": _day(plan)}
    if plan.step == MONTH and not plan.is_rolling:
        return _("%(every)s, %(day)s") % {"every": every, "day": _day(plan)}
    return every


def _day(plan: Any) -> str:
    if plan.nth is not None:
        weekday = DAYS[plan.weekday]
        if plan.nth == LAST:
            return _("the last %(weekday)s") % {"weekday": weekday}
        return _("%(weekday)s number %(nth)s") % {"weekday": weekday, "nth": plan.nth}
    if plan.month_day == LAST:
        return _("the last day")
    return _("day %(day)s") % {"day": plan.month_day or plan.starts_on.day}


def _month(month: int) -> str:
    return str(MONTHS[month - 1])


def _time(plan: Any) -> str:
    if plan.step != HOUR:
        return f"{plan.at:%H:%M}"
    return f"{plan.at:%H:%M}–{plan.until:%H:%M}" if plan.until else ""


def _bent(plan: Any) -> list[str]:
    """What moves or leaves out dates."""
    found = []
    if plan.offset_days and not plan.is_rolling:
        n = abs(plan.offset_days)
        before = ngettext("%(n)s day before", "%(n)s days before", n)
        after = ngettext("%(n)s day after", "%(n)s days after", n)
        found.append((before if plan.offset_days < 0 else after) % {"n": n})
    if plan.months and plan.step != YEAR:
        found.append(_("only in %(months)s") % {"months": _listed(_month(month) for month in sorted(plan.months))})
    if plan.on_holiday != KEEP:
        found.append(_("on days off: %(what)s") % {"what": HOLIDAYS[plan.on_holiday].label})
    if plan.spread_days:
        found.append(
            ngettext("spread over %(n)s day", "spread over %(n)s days", plan.spread_days) % {"n": plan.spread_days}
        )
    return found

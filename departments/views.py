"""One page a department: what is open, who is there, what is promised."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from departments import deadlines, queries
from departments.access import departments_of
from departments.permissions import DEADLINE_VIEW
from departments.registry import departments
from flow.deadlines import Deadline, Line
from flow.deadlines import deadlines as declared
from tenancy.access import can
from ui.excel_write import workbook
from ui.listing import EXCEL
from ui.pages import whole
from workorders.permissions import ORDER_DISPATCH, ORDER_VIEW
from workorders.states import URGENCIES


@login_required
@require_GET
def department(request: HttpRequest, slug: str) -> HttpResponse:
    """For the head and the staff of the department, at the hospital of the switch."""
    if slug not in departments():
        raise Http404
    if slug not in departments_of(request.user) or not can(request.user, ORDER_VIEW):
        raise PermissionDenied
    user, now = request.user, timezone.now()
    chosen = getattr(request, "hospital", None)
    hospital = chosen["id"] if chosen else None
    states, late = queries.counts(queries.orders(user, slug, hospital), now)
    dispatches = can(user, ORDER_DISPATCH)
    facts = {
        "department": departments()[slug],
        "narrowed": f"department={slug}" + (f"&hospital={hospital}" if hospital else ""),
        "states": states,
        "late": late,
        "queue": _dressed(queries.waiting(user, slug, hospital, now)) if dispatches else [],
        "dispatches": dispatches,
        "services": queries.services(user, slug, hospital),
        "crews": queries.crews(user, slug, hospital),
    }
    return render(request, "departments/department.html", facts)


def _dressed(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    for row in rows:
        row["urgent"] = URGENCIES[str(row["urgency"])] if row["urgency"] != "normal" else None
    return rows


@login_required
@require_GET
def red_list(request: HttpRequest) -> HttpResponse:
    """What is illegal tomorrow: overdue and near, the oldest first; as a workbook with ?export=xlsx."""
    if not can(request.user, DEADLINE_VIEW):
        raise PermissionDenied(DEADLINE_VIEW)
    today, chosen = timezone.localdate(), getattr(request, "hospital", None)
    days = whole(request.GET.get("days")) or deadlines.USUAL
    days = days if days in deadlines.WINDOWS else deadlines.USUAL
    kind = request.GET.get("kind", "")
    found = deadlines.listed(request.user, today, days, chosen["id"] if chosen else None, kind)
    rows = [(one, line, line.left(today)) for one, line in found]
    if request.GET.get("export") == "xlsx":
        return _workbook(rows)
    facts = {
        "rows": [(*row, _said(row[-1])) for row in rows],
        "days": days,
        "windows": deadlines.WINDOWS.items(),
        "kind": kind,
        "kinds": declared(),
        "red": sum(left < 0 for _one, _line, left in rows),
        "all_hospitals": not chosen,
    }
    return render(request, "departments/deadlines.html", facts)


def _said(left: int) -> str:
    """How many days there are, as people say it."""
    if left < 0:
        return ngettext("%(n)s day over", "%(n)s days over", -left) % {"n": -left}
    if left == 0:
        return _("last day today")
    return ngettext("%(n)s day left", "%(n)s days left", left) % {"n": left}


def _workbook(rows: list[tuple[Deadline, Line, int]]) -> HttpResponse:
    heads = [_("Kind"), _("What"), _("Hospital"), _("Place"), _("Law"), _("Clause"), _("Last day"), _("Days left")]
    cells = [
        (str(one.label), line.what, line.hospital, line.where, line.law, line.clause, line.due_on, left)
        for one, line, left in rows
    ]
    name = 'attachment; filename="deadlines.xlsx"'
    return HttpResponse(workbook(_("Legal deadlines"), heads, cells), EXCEL, headers={"Content-Disposition": name})

"""Last days that the law sets for rounds, and editions of standards that are no longer valid."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from flow.deadlines import MOST, Deadline, Line, register
from inspections import permissions as perm
from inspections import queries
from inspections.catalogue import label_of
from inspections.models import Edition, Round
from inspections.states import CURRENT, DAY, DONE, UNDONE
from kpi.measure import midnight

SOURCES = ("standard", "clause")
MONTH = timedelta(days=31)


def last_day(due_at: datetime, step: str, every: int, last_done: datetime | None) -> date:
    """Of a duty every so many days the last of these since it was last done (lifts: the fifteenth); else the due day."""
    if step == DAY and last_done is not None:
        return timezone.localdate(last_done) + timedelta(days=every)
    return timezone.localdate(due_at)


def rounds(user: Any, until: date, hospital: int | None) -> Iterable[Line]:
    """Rounds the law asks for that are overdue or due; of each plan and asset only the first."""
    current = Edition.objects.filter(checklist=OuterRef("checklist"), state=CURRENT)
    done = Round.objects.filter(plan=OuterRef("plan"), asset__isnull=True, state=DONE)
    of_asset = Round.objects.filter(plan=OuterRef("plan"), asset=OuterRef("asset"), state=DONE)
    rows = Round.objects.for_user(user, perm.ROUND_VIEW).filter(statutory=True, state__in=UNDONE)
    end = midnight(until + timedelta(days=1))
    near = Q(due_at__lt=end) | Q(plan__step=DAY, due_at__lt=end + MONTH)  # its last day may lie before it is due
    rows = rows.filter(near, **{"hospital_id": hospital} if hospital else {})
    rows = rows.annotate(
        **{f"of_{name}": Subquery(current.values(name)[:1]) for name in SOURCES},
        last_place=Subquery(done.order_by("-done_at").values("done_at")[:1]),
        last_asset=Subquery(of_asset.order_by("-done_at").values("done_at")[:1]),
    )
    keys = ("pk", "plan_id", "plan__name", "plan__step", "plan__every", "asset_id", "asset__name", "place__full_name")
    keys += ("hospital__short_name", "department", "due_at", "of_standard", "of_clause", "last_place", "last_asset")
    seen = set()
    for row in rows.order_by("due_at", "pk").values(*keys)[: MOST * 4]:
        if (where := (row["plan_id"], row["asset_id"], row["place__full_name"])) in seen:
            continue
        seen.add(where)
        last = row["last_asset"] if row["asset_id"] else row["last_place"]
        due_on = last_day(row["due_at"], row["plan__step"], row["plan__every"], last)
        if due_on > until:
            continue
        yield Line(
            " · ".join(filter(None, [row["plan__name"], row["asset__name"]])), row["place__full_name"],
            row["hospital__short_name"], row["department"], row["of_standard"] or "", row["of_clause"] or "",
            due_on, reverse("inspections:round", args=[row["pk"]]),
        )  # fmt: skip


def editions(user: Any, until: date, hospital: int | None) -> Iterable[Line]:
    """Standards in force whose edition is no longer valid: somebody has to write the new one."""
    mine = queries.checklists(user)
    mine = mine.filter(Q(home=None) | Q(home=hospital)) if hospital else mine
    rows = Edition.objects.filter(checklist__in=mine, checklist__active=True, state=CURRENT, valid_until__lte=until)
    keys = ("standard_edition", "checklist_id", "checklist__key", "checklist__own_name", "checklist__department")
    for row in rows.order_by("valid_until", "pk").values("valid_until", *SOURCES, *keys, "checklist__home__short_name")[
        :MOST
    ]:
        name = row["checklist__own_name"] or str(label_of(row["checklist__key"]))
        yield Line(
            f"{name} · {_('edition of the standard')} {row['standard_edition']}".rstrip(), "",
            row["checklist__home__short_name"] or _("All hospitals"), row["checklist__department"], row["standard"],
            row["clause"], row["valid_until"], reverse("inspections:checklist", args=[row["checklist_id"]]),
        )  # fmt: skip


def plug_in() -> None:
    register(
        Deadline("inspections.round", gettext_lazy("Inspection round"), "route", rounds, order=10),
        Deadline("inspections.edition", gettext_lazy("Standard"), "book", editions, order=50),
    )

"""What pages of the assessment and of the rooms above it read."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from assessment import permissions as perm
from assessment.models import Action, Appeal, FrozenFigure, LateChange, MonthClose, PublishedFigure, Reply, Rules
from assessment.states import LIVE, UNANSWERED
from indicators.states import DOWN, UP
from kpi.days import next_month
from kpi.periods import earlier
from tenancy import access
from tenancy.holders import by_name, holders
from tenancy.models import Consortium, Grant, Hospital

AGENDA = "red"
SAME = ("hospital_id", "key", "month")


def seen(user: Any) -> Q:
    """Figures that need a permission of their own, such as costs, are for those who hold it somewhere."""
    return Q(needs="") | Q(needs__in=access.permissions_of(user))


def published_rows(user: Any) -> QuerySet[PublishedFigure]:
    """Everything published in the person's consortia, all revisions; none for who may not read published figures."""
    ours = Hospital.objects.filter(pk__in=access.hospitals_with(user, perm.PUBLISHED_VIEW)).values("consortium")
    return PublishedFigure.objects.filter(seen(user), consortium__in=ours)


def newest(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The newest revision of each."""
    return rows.order_by(*SAME, "-revision").distinct(*SAME)


def published(
    user: Any, keys: Collection[str], hospitals: Collection[int], first: date, end: date
) -> list[PublishedFigure]:
    """The published figures of the months from `first` until before `end`, the newest revision of each; one statement.

    `revision` above 1: it was restated (`earlier_of` has the values before).
    """
    rows = published_rows(user).filter(key__in=keys, hospital__in=hospitals, month__gte=first, month__lt=end)
    return list(newest(rows))


def earlier_of(user: Any, hospital: int, key: str, month: date) -> list[PublishedFigure]:
    """Every published value of a figure, the newest first: both stay."""
    return list(published_rows(user).filter(hospital=hospital, key=key, month=month).order_by("-revision"))


def frozen_of(hospital: int, key: str, month: date) -> list[FrozenFigure]:
    """Every revision of a frozen figure, the newest first. Inside the hospital's scope."""
    return list(FrozenFigure.objects.filter(hospital=hospital, key=key, month=month).order_by("-revision"))


def frozen(user: Any) -> QuerySet[FrozenFigure]:
    return FrozenFigure.objects.for_user(user, perm.FROZEN_VIEW).filter(seen(user))


def late_of(figures: Iterable[int]) -> dict[int, LateChange]:
    """Figure → how its records differ by now; those that are as frozen again are left out."""
    rows = LateChange.objects.filter(figure__in=list(figures)).order_by("figure", "-pk").distinct("figure")
    return {row.figure_id: row for row in rows if row.count}


def consortium_of(user: Any, permission: str) -> Consortium | None:
    """The consortium for which this person may do this, the first where there are several."""
    ids = sorted({hospital["consortium"] for hospital in access.hospitals(user)})
    ours = Consortium.objects.filter(pk__in=ids).order_by("pk")
    return next((one for one in ours if access.can(user, permission, one)), None)


def worse_again(consortium_id: int, month: date) -> list[tuple[PublishedFigure, PublishedFigure]]:
    """Figures that were published red twice in a row: that of the period which ends with this month, and the one before."""
    now = _reds(consortium_id, month)
    found = []
    for length in {_months(one) for one in now}:
        before = {(one.hospital_id, one.key): one for one in _reds(consortium_id, earlier(month, length))}
        for one in now:
            other = before.get((one.hospital_id, one.key))
            if _months(one) == length and other is not None:
                found.append((one, other))
    return sorted(found, key=lambda pair: (pair[0].label, pair[0].hospital.code))


def _reds(consortium_id: int, month: date) -> list[PublishedFigure]:
    rows = newest(PublishedFigure.objects.filter(consortium=consortium_id, month=month)).select_related("hospital")
    return [one for one in rows if one.tone == AGENDA]


def _months(figure: PublishedFigure) -> int:
    after = next_month(figure.last)
    return (after.year - figure.first.year) * 12 + after.month - figure.first.month


def rules_of(consortium_id: int) -> Rules:
    """The deadlines in force; the defaults until the office has set others."""
    return Rules.objects.filter(consortium=consortium_id).first() or Rules(consortium_id=consortium_id)


def reply_of(hospital_id: int, month: date) -> Reply | None:
    found: Reply | None = Reply.objects.filter(hospital=hospital_id, month=month).select_related("hospital").first()
    return found


def closed_months(hospitals: Collection[int]) -> list[date]:
    """Months that were closed anywhere, the newest first."""
    rows = MonthClose.objects.filter(hospital__in=hospitals).order_by("-month")
    return list(rows.values_list("month", flat=True).distinct())


def silent(hospital_id: int, today: date) -> QuerySet[Reply]:
    """Published months that nobody answered in time."""
    return Reply.objects.filter(hospital=hospital_id, state__in=UNANSWERED, due_on__lt=today).order_by("pk")


def overdue(day: date | None = None) -> Q:
    """Actions whose last day is over."""
    return Q(state__in=LIVE, due_on__lt=day or timezone.localdate())


def course(action: Action) -> list[PublishedFigure]:
    """The figure an action was to move, as it was published then and in every period since."""
    rows = PublishedFigure.objects.filter(hospital=action.hospital_id, key=action.key, month__gte=action.month)
    return list(newest(rows))


def is_reached(good: str, value: Any, expected: Any) -> bool | None:
    """Has the figure come where the action was to bring it? None where that cannot be said."""
    if value is None or expected is None or good not in (UP, DOWN):
        return None
    return bool(value >= expected if good == UP else value <= expected)


def of_role(role: str, hospital: Hospital) -> list[User]:
    """Who holds a role for the whole hospital."""
    return by_name(holders(role, hospital))


def owners(hospital: Hospital) -> list[tuple[User, str]]:
    """Who may carry out actions at the hospital, each with the department of their role (empty: the whole hospital)."""
    today, found = timezone.localdate(), {}
    grants = Grant.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today), hospital=hospital, starts_on__lte=today, own=False, place=None, unit=None,
        team=None, contractor=None, role__permissions__contains=[perm.ACTION_DO], user__is_active=True,
    )  # fmt: skip
    for grant in grants.select_related("user").order_by("-department"):  # the whole hospital comes last, and counts
        found[grant.user_id] = (grant.user, grant.department)
    return sorted(found.values(), key=lambda pair: (pair[0].name, pair[0].pk))


def belongs_to(actor: Any, hospital_id: int) -> bool:
    """Does this person work for the hospital: hold a role there, not only at the consortium?"""
    return any(hospital_id in one.hospitals and not one.consortium and not one.is_job for one in access.reaches(actor))


def may_see_appeal(user: Any, pk: int) -> bool:
    """Files of an appeal are for those who see the appeal."""
    return bool(Appeal.objects.for_user(user, perm.FROZEN_VIEW).filter(pk=pk).exists())

"""Taking deliveries out of the outbox and writing down what became of them: short transactions around the sending."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation

from notices import robots
from notices.channels import Failure, Line, Parcel
from notices.models import Delivery, Notice, Preference, Robot
from notices.rules import rule_of
from notices.states import CLAIMED, DROPPED, DUE, FAILED, GIVEN_UP, MAIL, SENT, WAITING
from tenancy.locks import hold
from tenancy.models import Hospital, Membership
from tenancy.scope import scope

LEASE = timedelta(minutes=5)  # no task lives longer than two: a claim older than this was left by a killed worker
HANDFUL = 10
TOGETHER = 100  # most notices in one message
BACK_OFF = tuple(timedelta(minutes=m) for m in (1, 5, 15, 60, 240))  # after the first, second … failure; then given up
MAIL_RESTS = "notices:mail-rests"  # the mail server did not answer: nothing is sent there before this is gone


def hospitals_due() -> list[int]:
    """Where something waits that may go out now, or was left behind by a killed worker."""
    now = timezone.now()
    with scope(Hospital.objects.filter(is_open=True).values_list("pk", flat=True)):
        due = Delivery.objects.filter(_due(now)).order_by().values_list("hospital_id", flat=True).distinct()
        return sorted(due)


def _due(now: datetime) -> Q:
    due = Q(state__in=DUE, next_at__lte=now) | Q(state=CLAIMED, claimed_at__lt=now - LEASE)
    due &= Q(robot=None) | Q(robot__rests_until=None) | Q(robot__rests_until__lte=now)
    return due & ~Q(channel=MAIL) if cache.get(MAIL_RESTS) else due


def claim(hospital_id: int, worker: str) -> list[Parcel]:
    """Take a handful of what is due, in a transaction of its own. Quiet hours and digests put theirs off here."""
    now = timezone.now()
    with scope([hospital_id]):
        hold("notices.claim", hospital_id)  # one at a time takes from a hospital's outbox: digests stay whole
        rows = Delivery.objects.select_for_update(of=("self",), skip_locked=True).filter(hospital_id=hospital_id)
        found = list(rows.filter(_due(now)).select_related("robot").order_by("next_at", "id")[:HANDFUL])
        if not found:
            return []
        people = _people(hospital_id, found)
        wishes = Preference.objects.in_bulk([row.user_id for row in found if row.user_id])
        ready = [row for row in found if _is_ready(row, people, wishes, now)]
        parcels = [_claimed(group, worker, now) for group in _grouped(ready, rows, now)]
        return [parcel for group in parcels if (parcel := _parcel(hospital_id, group, people))]


def _people(hospital_id: int, rows: list[Delivery]) -> dict[int, Any]:
    """Those who still work at the hospital and have an address."""
    here = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()), hospital_id=hospital_id)
    here = here.filter(user__in={row.user_id for row in rows if row.user_id}, user__is_active=True)
    return {m.user_id: m.user for m in here.select_related("user") if m.user.email}


def _is_ready(row: Delivery, people: dict[int, Any], wishes: dict[int, Preference], now: datetime) -> bool:
    """Is it to be sent now? If not it is put off until quiet hours end or the digest goes, or dropped."""
    if (row.user_id and row.user_id not in people) or (row.robot and not row.robot.is_on):
        row.state = DROPPED
    elif row.attempts > len(BACK_OFF):  # killed again and again while it was being sent
        row.state, row.last_error = GIVEN_UP, row.last_error or "—"
    elif row.user_id and not row.pressing and (wish := wishes.get(row.user_id)):
        if later := wish.quiet_end(now):
            row.state, row.next_at = WAITING, later
        elif not row.collected and not row.message_id and (later := wish.next_digest(now)):
            row.state, row.next_at, row.collected = WAITING, later, True
        else:
            return True
    else:
        return True
    row.save(update_fields=["state", "next_at", "collected", "last_error"])
    return False


def _grouped(ready: list[Delivery], rows: Any, now: datetime) -> list[list[Delivery]]:
    """What goes into one message: a repeat takes what it took before; a digest, and a group, all that is due."""
    groups: dict[Any, list[Delivery]] = defaultdict(list)
    for row in ready:
        alone = not row.collected and not row.robot_id
        groups[row.message_id or (row.pk if alone else (row.user_id, row.robot_id))].append(row)
    for key in list(groups):
        if isinstance(key, str):
            more = rows.filter(message_id=key, state__in=(*DUE, CLAIMED))
        elif isinstance(key, tuple):
            more = rows.filter(_due(now), message_id="", user=key[0], robot=key[1])
            more = more.filter(collected=True) if key[0] else more
        else:
            continue
        groups[key] = list(more.select_related("robot").order_by("id")[:TOGETHER])
        if isinstance(key, tuple) and (robot := groups[key][0].robot):
            with translation.override(robot.language):
                lines = [_line(row, {}) for row in groups[key]]
                groups[key] = groups[key][: robots.fitting(robot.kind, lines)]
    return list(groups.values())


def _claimed(group: list[Delivery], worker: str, now: datetime) -> list[Delivery]:
    name = group[0].message_id or f"notice-{group[0].pk}"
    for row in group:
        row.state, row.claimed_at, row.claimed_by, row.message_id = CLAIMED, now, worker, name
        row.attempts += 1
    Delivery.objects.bulk_update(group, ["state", "claimed_at", "claimed_by", "message_id", "attempts"])
    return group


def _parcel(hospital_id: int, group: list[Delivery], people: dict[int, Any]) -> Parcel | None:
    first, hospital = group[0], Hospital.objects.get(pk=hospital_id)
    notices = Notice.objects.filter(user=first.user_id, event_id__in=[row.event_id for row in group])
    opens = dict(notices.values_list("event_id", "pk")) if first.user_id else {}
    lines = tuple(_line(row, opens) for row in group)
    robot = Robot.objects.get(pk=first.robot_id) if first.robot_id else None
    person = people.get(first.user_id or 0)
    return Parcel(
        hospital_id=hospital_id,
        hospital=hospital.name,
        deliveries=tuple(row.pk for row in group),
        message_id=first.message_id,
        claimed_by=first.claimed_by,
        language=person.language if person else robot.language if robot else settings.LANGUAGE_CODE,
        email=person.email if person else "",
        robot=robot,
        lines=lines,
    )


def _line(row: Delivery, opens: dict[int, int]) -> Line:
    return Line(row.subject, row.verb, row.title, row.data, _url(row, opens))


def _url(row: Delivery, opens: dict[int, int]) -> str:
    """The one link: for a person by way of the notice, which is then read; for a group straight to the record."""
    if notice := opens.get(row.event_id or 0):
        return absolute(reverse("notices:notice", args=[notice]))
    rule = rule_of(row.subject)
    return absolute(rule.url(row.subject_id) if rule else "/")


def absolute(path: str) -> str:
    return f"{settings.BASE_URL.rstrip('/')}{path}"


def record(parcel: Parcel, failure: Failure | None = None) -> None:
    """Write down that it arrived, or why not and when it is tried again; only while the claim is still ours."""
    now = timezone.now()
    with scope([parcel.hospital_id]):
        mine = Delivery.objects.select_for_update().filter(
            pk__in=parcel.deliveries, state=CLAIMED, claimed_by=parcel.claimed_by
        )
        rows = list(mine.order_by("id"))
        for row in rows:
            _judge(row, now, failure)
        Delivery.objects.bulk_update(rows, ["state", "next_at", "sent_at", "attempts", "last_error"])
        if failure and failure.rest and parcel.robot:
            Robot.objects.filter(pk=parcel.robot.pk).update(rests_until=now + failure.rest)
    if failure and failure.rest and not parcel.robot:
        cache.set(MAIL_RESTS, 1, int(failure.rest.total_seconds()))


def _judge(row: Delivery, now: datetime, failure: Failure | None) -> None:
    if failure is None:
        row.state, row.sent_at, row.last_error = SENT, now, ""
        return
    row.last_error = str(failure)[:300]
    if not failure.counts:
        row.state, row.next_at, row.attempts = FAILED, now + failure.rest, row.attempts - 1
    elif failure.lasting or row.attempts > len(BACK_OFF):
        row.state = GIVEN_UP
    else:
        row.state, row.next_at = FAILED, now + BACK_OFF[row.attempts - 1]


def release(parcel: Parcel) -> None:
    """Give back what there was no time for; the try does not count."""
    with scope([parcel.hospital_id]):
        mine = Delivery.objects.filter(pk__in=parcel.deliveries, state=CLAIMED, claimed_by=parcel.claimed_by)
        for row in mine:
            row.state, row.attempts = WAITING, row.attempts - 1
            row.save(update_fields=["state", "attempts"])

"""Announcements: made by the desk or those above, shown to everybody concerned until put away or over.

A page costs no statement for them: it draws what is remembered for the person in the cache. The bell, which every page
asks for at once and then all the time, reads it anew when any announcement has changed.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flow import domain as flow
from notices import permissions as perm
from notices.models import Announcement, Dismissal
from tenancy.access import can, hospitals_with, path_end, where
from tenancy.models import Hospital, Membership, Place

VERSION = "announcements"
REMEMBERED = 600  # seconds; somebody who changes to another unit sees its announcements by then


def announce(
    actor: Any, *, hospital: Hospital, text: str, starts_at: datetime, ends_at: datetime, place: Place | None = None
) -> Announcement:
    """Tell everybody at the hospital, or everybody at one of its places. Raises PermissionDenied or ValidationError."""
    made = Announcement(hospital=hospital, text=text.strip(), starts_at=starts_at, ends_at=ends_at, place=place)
    if place and place.hospital_id != hospital.pk:
        raise ValidationError({"place": _("This place belongs to another hospital.")})
    for department in ("", *hospital.modules):  # who heads one department announces in its name
        made.department = department
        if can(actor, perm.ANNOUNCEMENT_CHANGE, made):
            break
    else:
        raise PermissionDenied(perm.ANNOUNCEMENT_CHANGE)
    _check(made)
    made.made_by_id, made.made_by_name = actor.pk, actor.name
    made.save()
    flow.record(made, "added", actor)
    _changed()
    return made


def change(actor: Any, made: Announcement, **facts: Any) -> Announcement:
    """Correct it, or let it end earlier; whoever put the old words away sees new words again."""
    if not can(actor, perm.ANNOUNCEMENT_CHANGE, made):
        raise PermissionDenied(perm.ANNOUNCEMENT_CHANGE)
    old = {name: getattr(made, name) for name in facts}
    for name, value in facts.items():
        setattr(made, name, value)
    _check(made)
    made.save()
    flow.edited(made, actor, old, facts)
    if facts.get("text", old.get("text")) != old.get("text"):
        made.dismissals.all().delete()
    _changed()
    return made


def end(actor: Any, made: Announcement) -> Announcement:
    """It is over now; one that was still to come is never shown."""
    now = timezone.now()
    if made.starts_at >= now:
        return change(actor, made, starts_at=now - timedelta(seconds=1), ends_at=now)
    return change(actor, made, ends_at=now) if made.ends_at > now else made


def _check(made: Announcement) -> None:
    if made.ends_at <= made.starts_at:
        raise ValidationError({"ends_at": _("It must end after it begins.")})


def _changed() -> None:
    transaction.on_commit(lambda: cache.set(VERSION, secrets.token_hex(4), None))


def dismiss(user: Any, made: Announcement) -> None:
    """The person has seen enough of it."""
    Dismissal.objects.get_or_create(hospital_id=made.hospital_id, announcement=made, user_id=user.pk)
    transaction.on_commit(lambda: cache.delete(_key(user.pk)))


def _key(user_id: int) -> str:
    return f"announcements:{user_id}"


def remembered(user_id: int) -> list[dict[str, Any]] | None:
    """What the person is shown now, without asking the database; None: not known."""
    found = cache.get_many([VERSION, _key(user_id)])
    kept = found.get(_key(user_id))
    if kept is None or kept["version"] != found.get(VERSION, ""):
        return None
    now = timezone.now()
    return [shown for shown in kept["list"] if shown["starts_at"] <= now < shown["ends_at"]]


def shown_to(user_id: int) -> list[dict[str, Any]]:
    """What the person is shown now; read anew where it is not known."""
    shown = remembered(user_id)
    if shown is None:
        version = cache.get(VERSION, "")
        cache.set(_key(user_id), {"version": version, "list": concerning(user_id)}, REMEMBERED)
        shown = remembered(user_id) or []
    return shown


def concerning(user_id: int) -> list[dict[str, Any]]:
    """Announcements running or to come for where the person works.

    One for a place concerns those whose unit stands in it or around it, and those who belong to no unit: they may be
    sent there.
    """
    homes = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()), user=user_id)
    mine = dict(homes.values_list("hospital_id", "unit__place__path"))
    if not mine:
        return []
    gone = Dismissal.objects.filter(user=user_id).values("announcement")
    living = Announcement.objects.filter(hospital__in=mine, ends_at__gt=timezone.now()).exclude(pk__in=gone)
    wanted = ("pk", "hospital_id", "text", "starts_at", "ends_at", "place__path", "place__full_name")
    return [row for row in living.order_by("ends_at").values(*wanted) if _overlap(mine[row["hospital_id"]], row)]


def readable(user: Any) -> QuerySet[Announcement]:
    """What concerns the person and is running or to come; and everything that they may change."""
    today = timezone.localdate()
    homes = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), user=user.pk, starts_on__lte=today)
    concerns = where(user, perm.ANNOUNCEMENT_CHANGE, Announcement)
    for hospital, path in homes.values_list("hospital_id", "unit__place__path"):
        here = Q(hospital=hospital, ends_at__gt=timezone.now())
        if path:  # the rule of `_overlap`, for a table
            steps = [end for end, mark in enumerate(path, 1) if mark == path[-1]]
            around = Q(place__path__in=[path[:end] for end in steps])
            here &= Q(place=None) | around | Q(place__path__gte=path, place__path__lt=path_end(path))
        concerns |= here
    return Announcement.objects.filter(concerns)


def hospitals_of(user: Any) -> QuerySet[Hospital]:
    """Where the person may announce something."""
    return Hospital.objects.filter(pk__in=hospitals_with(user, perm.ANNOUNCEMENT_CHANGE))


def _overlap(home: str | None, row: dict[str, Any]) -> bool:
    there = row["place__path"]
    return not there or not home or home.startswith(there) or there.startswith(home)

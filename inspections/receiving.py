"""What a phone sends, perhaps hours later and perhaps twice: each entry is taken once, in the order in which it was made.

An entry is a small object: `key` (a UUID of the phone), `kind`, `at` (the phone's clock), and by kind

- `reach`: point, way ("scan" with `code`, the token of the label; or "hand")
- `answer`: point, item, raw ("1"/"0", the number, the choice, the text), note
- `photo`: point, item, with a file of the name of the key
- `leave`: point, state ("in_use", "not_found", "open"), note
- `decide`: point, item, became ("fixed", "order", "hazard"), note
- `finish`

The answer says of each whether it was taken, and if not, why: the phone keeps what was refused and shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from inspections import findings, working
from inspections import permissions as perm
from inspections.machine import ROUNDS
from inspections.models import Answer, Arrival, Finding, Point, Round
from inspections.states import HAND, SCAN
from tenancy.access import can
from tenancy.models import Door
from ui.pages import whole

MOST = 200  # entries in one batch
OLDEST = timedelta(days=14)


class Refused(ValidationError):
    """What cannot be taken, and why."""


@dataclass(frozen=True)
class Sender:
    """Who sends, for which round, and how far the phone's clock is off."""

    actor: Any
    round: Round
    files: Mapping[str, Any]
    skew: timedelta

    def at(self, entry: Mapping[str, Any], now: datetime) -> datetime:
        """When it happened, by our clock; never in the future, never before the round began."""
        try:
            said = parse_datetime(str(entry.get("at", "")))
        except ValueError:
            said = None
        if said is None or timezone.is_naive(said):
            return now
        since = self.round.started_at or now - OLDEST
        try:
            happened = said + self.skew
        except OverflowError:  # a clock that stands in no year of ours
            return now
        return max(min(happened, now), min(since, now))


def receive(
    actor: Any, round: Round, entries: Any, files: Mapping[str, Any] | None = None, sent_at: str = ""
) -> list[dict[str, Any]]:
    """Take a batch. Raises ValidationError when it is none at all, PermissionDenied for who does no rounds here."""
    if not isinstance(entries, list) or len(entries) > MOST:
        raise ValidationError(_("A list of at most %(count)s entries, please."), params={"count": MOST})
    if not can(actor, perm.ROUND_WORK, round):
        raise PermissionDenied(perm.ROUND_WORK)
    now = timezone.now()
    sender = Sender(actor, round, files or {}, _skew(sent_at, now))
    return [_take(sender, entry, now) for entry in entries]


def _skew(sent_at: str, now: datetime) -> timedelta:
    try:
        sent = parse_datetime(str(sent_at or ""))
    except ValueError:
        sent = None
    return now - sent if sent is not None and timezone.is_aware(sent) else timedelta(0)


def _take(sender: Sender, entry: Any, now: datetime) -> dict[str, Any]:
    key = _readable(str(entry.get("key", "")))[:60] if isinstance(entry, dict) else ""
    try:
        with transaction.atomic():
            uuid = _uuid(key)
            ROUNDS.lock(sender.round)  # the same batch sent twice at once: the second waits, and finds its keys
            if Arrival.objects.filter(hospital=sender.round.hospital_id, key=uuid).exists():
                return {"key": key, "taken": True}
            more = _act(sender, entry, sender.at(entry, now)) or {}
            Arrival.objects.create(
                hospital_id=sender.round.hospital_id, round=sender.round, key=uuid, at=now, by_id=sender.actor.pk
            )
            return {"key": key, "taken": True, **more}
    except ValidationError as error:
        return {"key": key, "taken": False, "why": " ".join(error.messages)}
    except PermissionDenied:
        return {"key": key, "taken": False, "why": _("You may not do this here.")}


def _uuid(key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError as error:
        raise Refused(_("This entry has no key.")) from error


def _point(sender: Sender, entry: Mapping[str, Any]) -> Point:
    found = (
        Point.objects.filter(pk=whole(entry.get("point")) or 0, round=sender.round)
        .select_related("round", "place", "asset__kind")
        .first()
    )
    if found is None:
        raise Refused(_("This point is not on the round."))
    return found


def _answer(point: Point, entry: Mapping[str, Any]) -> Answer:
    found = Answer.objects.filter(point=point, item=whole(entry.get("item")) or 0).select_related("item").first()
    if found is None:
        raise Refused(_("This was not answered yet."))
    found.point = point
    return found


def _act(sender: Sender, entry: Mapping[str, Any], at: datetime) -> dict[str, Any] | None:
    kind = entry.get("kind")
    act = ACTS.get(kind) if isinstance(kind, str) else None
    if act is None:
        raise Refused(_("This kind of entry is not known."))
    return act(sender, entry, at)


def _text(entry: Mapping[str, Any], name: str) -> str:
    said = entry.get(name)
    if said is None:
        return ""
    if not isinstance(said, (str, int, float)) or "\0" in str(said):
        raise Refused(_("This cannot be read."))
    return _readable(str(said))


def _readable(text: str) -> str:
    """Without half characters, as a picture that was cut in two leaves them: nothing can store or send those."""
    return text.encode("utf-8", "ignore").decode()


def _reach(sender: Sender, entry: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """A scan counts as one only with the token of the label that hangs there; else it was found by hand."""
    point = _point(sender, entry)
    code = _text(entry, "code")
    scanned = _text(entry, "way") == SCAN and code.isascii() and hangs_at(point, code)
    point = working.reach(sender.actor, point, SCAN if scanned else HAND, at)
    return {"too_fast": point.too_fast}


def hangs_at(point: Point, token: str) -> bool:
    """Does this code hang at the point: on its asset, or at its place?"""
    doors = Door.objects.filter(token=token[:24], hospital=point.hospital_id, revoked_at=None)
    return any(
        door.asset_id == point.asset_id if point.asset_id else door.place_id == point.place_id and not door.asset_id
        for door in doors
    )


def _say(sender: Sender, entry: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    point, item = _point(sender, entry), whole(entry.get("item")) or 0
    answers, notes = {item: _text(entry, "raw")}, {item: _text(entry, "note")}
    point = working.answer(sender.actor, point, answers, notes=notes, at=at)
    return {"point": point.state}


def _photo(sender: Sender, entry: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    point = _point(sender, entry)
    upload = sender.files.get(str(entry.get("key")))
    if upload is None:
        raise Refused(_("The photo is missing."))
    photo = working.add_photo(sender.actor, _answer(point, entry), upload, at=at)
    return {"photo": photo.pk}


def _leave(sender: Sender, entry: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    point = _point(sender, entry)
    point = working.leave_out(sender.actor, point, _text(entry, "state"), note=_text(entry, "note"), at=at)
    return {"point": point.state}


def _decide(sender: Sender, entry: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    answer = _answer(_point(sender, entry), entry)
    finding = Finding.objects.filter(answer=answer).select_related("round").first()
    if finding is None:
        raise Refused(_("Nothing failed here."))
    became = _text(entry, "became")
    finding = findings.decide(sender.actor, finding, became, note=_text(entry, "note"), at=at)
    return {"order": finding.order.number} if finding.order else {}


def _finish(sender: Sender, entry: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    working.finish(sender.actor, sender.round, at=at)
    return {}


ACTS: dict[str, Any] = {
    "reach": _reach,
    "answer": _say,
    "photo": _photo,
    "leave": _leave,
    "decide": _decide,
    "finish": _finish,
}

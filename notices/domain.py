"""Telling people, marking what they have read, and arranging what goes out."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flow import domain as flow
from notices import outbox
from notices import permissions as perm
from notices.models import MORNING, Delivery, Notice, Preference, Robot
from notices.rules import rule_of
from notices.states import TROUBLE, WAITING
from tenancy.access import can
from tenancy.models import Hospital

A_DAY = 24 * 3600


def _key(user_id: int) -> str:
    return f"notices:{user_id}"


def version_of(user_id: int) -> str:
    """Moves whenever the person's notices do: the bell asks for nothing else."""
    return str(cache.get_or_set(_key(user_id), lambda: secrets.token_hex(4), A_DAY))


def _moved(users: Iterable[int]) -> None:
    fresh = {_key(user_id): secrets.token_hex(4) for user_id in users}
    transaction.on_commit(lambda: cache.set_many(fresh, A_DAY))


def tell(subject: Any, event: Any) -> int:
    """Write a notice for everybody concerned and what goes out, in the event's transaction. Answers how many were told."""
    rule = rule_of(event.subject)
    if rule is None:
        return 0
    users = rule.audience(subject, event)
    if not users and event.verb not in rule.kinds:  # nobody, and no robot may listen to it
        return 0
    told = outbox.write(rule, subject, event, users)
    if told:
        _moved(told)
    return len(told)


def read(user: Any, notice: Notice) -> None:
    """The person has opened it; reading it again changes nothing."""
    if Notice.objects.filter(pk=notice.pk, user=user, read_at=None).update(read_at=timezone.now()):
        _moved([user.pk])


def is_open_to(user: Any, notice: Notice) -> bool:
    """May the person still open what the notice is of? Work goes to other teams, and levels above hear of what has none."""
    rule = rule_of(notice.subject)
    if rule is None or not rule.view:
        return True
    rows: Any = apps.get_model(notice.subject)
    return bool(rows.objects.for_user(user, rule.view).filter(pk=notice.subject_id).exists())


def read_all(user: Any) -> int:
    """Mark everything as read."""
    count = Notice.objects.filter(user=user, read_at=None).update(read_at=timezone.now())
    if count:
        _moved([user.pk])
    return count


def prefer(user: Any, **wishes: Any) -> Preference:
    """Remember how the person likes to be told, at all their hospitals."""
    wishes["digest_at"] = wishes.get("digest_at") or MORNING
    return Preference.objects.update_or_create(user_id=user.pk, defaults=wishes)[0]


def add_robot(actor: Any, *, hospital: Hospital, **facts: Any) -> Robot:
    """Let a group of a messenger hear of the hospital's work. Raises PermissionDenied, or ValidationError by field."""
    robot = Robot(hospital=hospital, **facts)
    _check(actor, robot)
    if not robot.key:
        raise ValidationError({"webhook": _("Please enter the address that the group shows for its robot.")})
    robot.save()
    flow.record(robot, "added", actor)
    return robot


def edit_robot(actor: Any, robot: Robot, **facts: Any) -> Robot:
    """Change a robot; a key or secret left empty stays as it is, and neither is written into the history."""
    facts = {name: value for name, value in facts.items() if value or name not in ("key", "secret")}
    if not robot.key and not facts.get("key"):  # sealed with a key that is lost; saving would lose it for good
        raise ValidationError({"webhook": _("Please enter the address that the group shows for its robot.")})
    old = {name: getattr(robot, name) for name in facts}
    for name, value in facts.items():
        setattr(robot, name, value)
    _check(actor, robot)
    robot.rests_until = None
    robot.save(update_fields=[*facts, "rests_until"])
    open_facts = [name for name in facts if name not in ("key", "secret", "kinds")]
    flow.edited(robot, actor, {n: old[n] for n in open_facts}, {n: facts[n] for n in open_facts})
    return robot


def _check(actor: Any, robot: Robot) -> None:
    if not can(actor, perm.CHANNEL_CHANGE, robot):
        raise PermissionDenied(perm.CHANNEL_CHANGE)
    if urlsplit(robot.base_url).scheme not in ("http", "https") or not urlsplit(robot.base_url).hostname:
        raise ValidationError({"base_url": _("An address begins with https://")})
    if robot.team and robot.team.hospital_id != robot.hospital_id:
        raise ValidationError({"team": _("This team belongs to another hospital.")})


def send_test(actor: Any, robot: Robot) -> Delivery:
    """Put a test message for the group into the outbox."""
    _check(actor, robot)
    robot.rests_until = None
    robot.save(update_fields=["rests_until"])
    message = Delivery.objects.create(
        hospital_id=robot.hospital_id,
        channel=robot.kind,
        robot=robot,
        subject=flow.subject_of(robot),
        subject_id=robot.pk,
        verb="test",
        title=robot.name,
        data={"who": actor.name},
    )
    outbox.hint(robot.hospital_id)
    return message


def resend(actor: Any, delivery: Delivery) -> Delivery:
    """Try once more, from the beginning, what failed. It keeps its Message-ID."""
    if not can(actor, perm.CHANNEL_CHANGE, delivery):
        raise PermissionDenied(perm.CHANNEL_CHANGE)
    again = {"state": WAITING, "attempts": 0, "next_at": timezone.now()}
    if Delivery.objects.filter(pk=delivery.pk, state__in=TROUBLE).update(**again):
        flow.record(delivery, "resent", actor)
        outbox.hint(delivery.hospital_id)
    return delivery

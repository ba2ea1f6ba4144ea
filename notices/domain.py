"""Telling people, and marking what they have read."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from notices import outbox
from notices.models import Notice
from notices.rules import rule_of

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


def read_all(user: Any) -> int:
    """Mark everything as read."""
    count = Notice.objects.filter(user=user, read_at=None).update(read_at=timezone.now())
    if count:
        _moved([user.pk])
    return count

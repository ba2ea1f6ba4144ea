"""Writing notices and what goes out with them: one statement, in the transaction of the event."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from notices.rules import Rule, kind_of
from notices.states import BELL, MAIL, NOTHING

HINT_LASTS = 60  # seconds; a hint that was lost is forgotten by then

STALE = timedelta(days=1)  # what happened longer ago and is only written down now goes nowhere but to the bell

# Who has muted the kind is told nothing; who wants mail and has an address gets a row in the outbox, and so does every
# robot that serves this kind, department and team. What was written before is not written again.
TELL = """
WITH told AS (
  INSERT INTO notices_notice (hospital_id, user_id, event_id, subject, subject_id, verb, title, data, created_at)
  SELECT %(hospital)s, u.id, %(event)s, %(subject)s, %(subject_id)s, %(verb)s, %(title)s, %(data)s::jsonb, %(at)s
  FROM unnest(%(users)s::bigint[]) AS u (id) LEFT JOIN notices_preference p ON p.user_id = u.id
  WHERE coalesce(p.choices ->> %(kind)s, %(usual)s) <> %(nothing)s ORDER BY u.id
  ON CONFLICT DO NOTHING RETURNING user_id
), due AS (
  SELECT %(mail)s AS channel, u.id AS user_id, NULL::bigint AS robot_id
  FROM told JOIN accounts_user u ON u.id = told.user_id LEFT JOIN notices_preference p ON p.user_id = u.id
  WHERE u.email IS NOT NULL AND coalesce(p.choices ->> %(kind)s, %(usual)s) = %(mail)s AND %(fresh)s
  UNION ALL
  SELECT r.kind, NULL, r.id FROM notices_robot r
  WHERE %(fresh)s AND r.hospital_id = %(hospital)s AND r.is_on AND %(kind)s = ANY (r.kinds)
  AND (r.department = '' OR r.department = %(department)s) AND (r.team_id IS NULL OR r.team_id = %(team)s)
), out AS (
  INSERT INTO notices_delivery (hospital_id, event_id, channel, user_id, robot_id, subject, subject_id, verb, title, data,
    pressing, collected, state, attempts, created_at, next_at, claimed_by, message_id, last_error)
  SELECT %(hospital)s, %(event)s, channel, user_id, robot_id, %(subject)s, %(subject_id)s, %(verb)s, %(title)s,
    %(data)s::jsonb, %(pressing)s, false, 'waiting', 0, clock_timestamp(), clock_timestamp(), '', '', ''
  FROM due ON CONFLICT DO NOTHING RETURNING 1
)
SELECT coalesce((SELECT array_agg(user_id) FROM told), '{}'), (SELECT count(*) FROM out)
"""


def write(rule: Rule, subject: Any, event: Any, users: set[int]) -> list[int]:
    """Write notices and outbox. Answers who was told."""
    facts = {
        "hospital": event.hospital_id,
        "event": event.pk,
        "subject": event.subject,
        "subject_id": event.subject_id,
        "verb": event.verb,
        "kind": kind_of(event.subject, event.verb),
        "usual": MAIL if event.verb in rule.mails else BELL,
        "mail": MAIL,
        "nothing": NOTHING,
        "title": str(subject)[:120],
        "data": json.dumps(rule.facts(subject, event)),
        "at": event.at,
        "fresh": event.at > timezone.now() - STALE,
        "users": sorted(users),
        "department": getattr(subject, "department", ""),
        "team": getattr(subject, "team_id", None),
        "pressing": rule.pressing(subject, event),
    }
    with connection.cursor() as cursor:
        cursor.execute(TELL, facts)
        told, waiting = cursor.fetchone()
    if waiting:
        hint(event.hospital_id)
    return list(told)


def _hint_key(hospital_id: int) -> str:
    return f"notices:hint:{hospital_id}"


def hint(hospital_id: int) -> None:
    """After the commit, tell a worker to look into the hospital's outbox; one hint is enough until somebody looks."""
    transaction.on_commit(partial(_send_hint, hospital_id), robust=True)


def _send_hint(hospital_id: int) -> None:
    if cache.add(_hint_key(hospital_id), 1, HINT_LASTS):
        current_app.send_task("notices.tasks.deliver_now", [hospital_id])


def hint_taken(hospital_id: int) -> None:
    """A worker looks now: what is committed from here on needs a new hint."""
    cache.delete(_hint_key(hospital_id))

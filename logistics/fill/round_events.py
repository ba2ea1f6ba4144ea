"""Findings of the rounds, and the history of rounds as `ROUNDS.move` and the watch over missed ones write it."""

from __future__ import annotations

FINDING_COLUMNS = "id hospital_id answer_id round_id became order_id hazard_id at by_id penalty"
FINDINGS = """
SELECT %(finding_base)s + f.fault, f.hospital_id, f.answer, f.round, f.became, r.id, z.id, f.at, f.who,
    CASE WHEN f.won IS NULL THEN 0 ELSE f.full_points END
FROM fill_fault f LEFT JOIN fill_raised r ON r.fault = f.fault LEFT JOIN fill_hazard z ON z.fault = f.fault
"""

COLUMNS = "id hospital_id subject subject_id verb source target at actor_id actor_kind actor_name data channel address"
SYSTEM = "'inspections.watch_missed'"


def _event(
    step: int | str, verb: str, way: str, at: str, actor: str, name: str, data: str, rest: str, kind: str = "'user'"
) -> str:
    source, _arrow, target = way.partition(">")
    return (
        f"SELECT f.hospital_id, f.id, '{verb}', '{source}', '{target}', {at}, {actor}, {kind}, {name}, {data}, {step} FROM "
        f"fill_fate f"
        f" JOIN fill_settled g ON g.id = f.id {rest}"
    )


BLANK = """'{"before": {}}'::jsonb"""
MINE = """'{"assignee_id": null}'::jsonb"""
EVENTS = (
    _event(
        0, "assign", "due>due", "date_trunc('second', LEAST(f.opens_at, %(until)s) - interval '1 hour' * (1 + 30 * "
        "pg_temp.u(f.n, 220)))",
        "g.boss", "g.boss_name", f"jsonb_build_object('assignee', f.who_name, 'before', {MINE})", "WHERE f.fate = 'assigned'",
    ),
    _event(
        1, "start", "due>started", "f.started_at", "f.who", "f.who_name",
        f"jsonb_build_object('points', r.points + r.not_counted, 'edition', f.edition_number, 'who', f.who_name, 'before', "
        f"{MINE})",
        "JOIN inspections_round r ON r.id = f.id WHERE f.started_at IS NOT NULL",
    ),
    _event(
        2, "found", "", "x.at", "f.who", "f.who_name",
        "jsonb_build_object('item', x.item, 'became', x.became, 'finding', %(finding_base)s + x.fault)",
        "JOIN (SELECT x.*, i.text AS item FROM fill_fault x JOIN fill_answer a ON a.id = x.answer JOIN fill_item i ON i.id "
        "= a.item) x"
        " ON x.round = f.id WHERE x.became <> 'ask'",
    ),
    _event(
        3, "finish", "started>done", "f.done_at", "f.who", "f.who_name",
        "jsonb_build_object('points', r.points, 'done', r.points_done, 'found', r.found, 'before', '{}'::jsonb)",
        "JOIN inspections_round r ON r.id = f.id WHERE f.done_at IS NOT NULL",
    ),
    _event(
        4, "sign", "done>done", "g.signed_at", "g.signer", "g.signer_name",
        "jsonb_build_object('name', g.signer_name, 'before',"
        """ '{"signed_at": null, "signed_by_id": null, "signed_name": ""}'::jsonb)""", "WHERE g.signed_at IS NOT NULL",
    ),
    _event(
        1, "ask_skip", "due>skipping", "f.asked_at", "f.who", "f.who_name",
        "jsonb_build_object('skip_reason', g.reason, 'reason', g.note, 'before', jsonb_build_object('skip_reason', '', "
        "'skip_by_id', NULL)"
        " || CASE WHEN g.note = '' THEN '{}'::jsonb ELSE jsonb_build_object('skip_note', '') END)", "WHERE f.asked_at IS "
        "NOT NULL",
    ),
    _event(2, "approve", "skipping>skipped", "g.approved_at", "g.boss", "g.boss_name", BLANK, "WHERE g.approved_at IS NOT NULL"),
    _event(
        "5 + c.step * 0.1", "escalated", "", "f.late_from + make_interval(days => c.after, mins => 5)", "NULL::bigint", SYSTEM,
        "jsonb_build_object('level', c.level, 'days', c.after, 'people', to_jsonb(c.people), 'told', to_jsonb(c.names))",
        "JOIN inspections_round r ON r.id = f.id JOIN fill_climb c ON c.team = f.team_id AND c.step <= r.level"
        " AND c.what = CASE WHEN f.statutory THEN 'statutory' ELSE 'ordinary' END AND cardinality(c.people) > 0", "'system'",
    ),
)  # fmt: skip


def told(subject: str, parts: tuple[str, ...]) -> str:
    """The events of these parts in the order they happened; whoever acts comes by a page, the platform by its own job."""
    return f"""
SELECT nextval(pg_get_serial_sequence('flow_event', 'id')), e.* FROM (
SELECT hospital, '{subject}', id, verb, source, target, at, actor, kind, name, data, CASE kind WHEN 'system' THEN 'task' ELSE
    'page' END,
  CASE WHEN kind <> 'system' THEN '10.0.0.0'::inet + (hospital %% 200) * 65536 + COALESCE(actor, id) %% 60000 END
FROM ({" UNION ALL ".join(parts)}) AS e (hospital, id, verb, source, target, at, actor, kind, name, data, step)
ORDER BY at, id, step) e"""


# A picture of what failed; without one a point would not be done.
PHOTO_COLUMNS = "hospital_id subject subject_id kind name content_type size sha256 at by_id by_name"
PHOTOS = """
SELECT f.hospital_id, 'inspections.answer', f.answer, 'before', p.name, p.content_type, p.size, p.sha256, f.at, f.who, f.who_name
FROM fill_fault f JOIN fill_photo p ON p.i = f.fault %% (SELECT count(*) FROM fill_photo WHERE kind = 'before') AND p.kind =
    'before'
"""
ATTACHED = """
SELECT a.hospital_id, a.subject_id, 'attached', '', '', a.at, a.by_id, 'user', a.by_name,
    jsonb_build_object('attachment', a.id, 'kind', a.kind, 'name', a.name), 0
FROM flow_attachment a WHERE a.subject = 'inspections.answer'
"""

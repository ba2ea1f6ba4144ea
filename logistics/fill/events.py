"""The events of a month's orders, one SELECT for each verb, in the shape `ORDERS.move` and the domain write them."""

from __future__ import annotations

USER = "'user'"


def _event(
    step: int, verb: str, source: str, target: str, at: str, actor: str, name: str, data: str, kind: str = USER,
    where: str = "",
) -> str:  # fmt: skip
    """Those orders that took this step; `step` puts what happened in the same second into its order."""
    extra = f" AND {where}" if where else ""
    return (
        f"SELECT hospital, id, '{verb}', {source}, '{target}', {at}, {actor}, {kind}, {name}, {data}, {step}"
        f" FROM fill_row WHERE {at} IS NOT NULL{extra}"
    )


def _facts(pairs: str, before: str = "'{}'::jsonb") -> str:
    return f"jsonb_build_object({pairs}{', ' if pairs else ''}'before', {before})"


def _if(condition: str, fields: str) -> str:
    """Fields that stand among those changed only in some cases."""
    return f"CASE WHEN {condition} THEN {fields}::jsonb ELSE '{{}}'::jsonb END"


def _reason(verb: str, salt: int) -> str:
    return f"pg_temp.pick(%({verb})s::text[], pg_temp.u(n, {salt}))"


TEAM = "'team', team_name, 'assignee', "
FIRM = _if("contractor IS NOT NULL", """'{"contractor_id": null}'""")
FIRST = "CASE WHEN is_back OR is_moved THEN other_name ELSE worker_name END"
DISPATCHED = [
    _event(
        1, "dispatch", "'reported'", "dispatched", "dispatch", "desk", "desk_name",
        _facts(f"{TEAM}CASE WHEN is_direct THEN {FIRST} ELSE '' END",
               f"""'{{"team_id": null}}'::jsonb || {FIRM} || """ + _if("is_direct", """'{"assignee_id": null}'""")),
    ),
    _event(
        2, "send_back", "'dispatched'", "reported", "back", "other", "other_name",
        _facts(f"'reason', {_reason('send_back', 110)}", _if("is_direct", "jsonb_build_object('assignee_id', other)")),
    ),
    _event(
        3, "dispatch", "'reported'", "dispatched", "again", "desk", "desk_name",
        _facts(f"{TEAM}CASE WHEN NOT is_direct THEN '' WHEN is_moved THEN other_name ELSE worker_name END",
               _if("is_direct", """'{"assignee_id": null}'""")),
    ),
    _event(
        4, "reassign", "'dispatched'", "dispatched", "reassign", "desk", "desk_name",
        _facts(f"{TEAM}worker_name, 'reason', {_reason('reassign', 111)}",
               "jsonb_build_object('assignee_id', CASE WHEN is_direct THEN other END)"),
    ),
]  # fmt: skip
WORKED = [
    _event(
        5, "accept", "'dispatched'", "accepted", "accept", "worker", "worker_name",
        _facts("", """'{"responded_at": null}'::jsonb || """
               + _if("NOT is_direct AND NOT is_moved", """'{"assignee_id": null}'""")),
    ),
    _event(
        6, "arrive", "'accepted'", "arrived", "arrive", "worker", "worker_name", """'{"before": {"arrived_at": null}}'::jsonb""",
    ),
    _event(
        7, "wait", "'arrived'", "waiting", "wait", "worker", "worker_name",
        _facts(f"'waiting_reason', reason, 'reason', CASE WHEN pg_temp.u(n, 112) < 0.6 THEN {_reason('wait', 113)} ELSE '' END",
               """'{"waiting_reason": "", "waiting_since": null}'::jsonb"""),
    ),
    _event(
        8, "resume", "'waiting'", "arrived", "resume", "worker", "worker_name",
        _facts("", "jsonb_build_object('waiting_reason', reason, 'waiting_since', pg_temp.moment(wait)) || "
               + _if("waited > 0", "jsonb_build_object('waited_seconds', 0, 'due_at', pg_temp.moment(reported_at"
                     " + complete * interval '1 minute'))")),
    ),
    _event(
        11, "finish", "'arrived'", "done", "fin1", "worker", "worker_name",
        _facts("'remedy', remedy", """'{"remedy": "", "finished_at": null, "minutes": 0}'::jsonb || """
               + _if("cause <> ''", """'{"cause": ""}'""")),
    ),
]  # fmt: skip
LINED = [
    _event(
        9, "line_added", "''", "", "lined", "worker", "worker_name",
        f"jsonb_build_object('text', {text}, 'amount', {amount}::numeric(12, 2)::text, 'minutes', {minutes})", where=which,
    )
    for text, amount, minutes, which in (
        ("(%(parts)s::text[])[part]", "(quantity * price)", "0", "part IS NOT NULL"),
        ("'外修费用'", "bill", "0", "bill IS NOT NULL"),
        ("'协助'", "0", "help", "help IS NOT NULL"),
    )
]  # fmt: skip

SIGNATURE = """'{"signed_at": null, "signed_by_id": null, "signed_name": "", "signed_way": ""}'::jsonb"""
STARS = (
    _if("attitude IS NOT NULL", """'{"attitude": null, "skill": null}'""")
    + " || "
    + _if("speed IS NOT NULL", """'{"speed": null}'""")
    + " || "
    + _if("words <> ''", """'{"rating_comment": ""}'""")
)
PROXY = f"CASE WHEN channel = 'patient' THEN {_reason('proxy', 114)} ELSE '' END"


def _signed(step: int, at: str, rated: str) -> str:
    """The ward signs; stars and words belong to the last signature of an order."""
    stars = ", ".join(f"'{name}', CASE WHEN {rated} THEN {name} END" for name in ("attitude", "skill", "speed"))
    return _event(
        step, "sign", "'done'", "signed", at, "signer", "signer_name",
        _facts(f"{stars}, 'comment', CASE WHEN {rated} THEN words ELSE '' END, 'name', signer_name, 'reason', {PROXY}",
               f"{SIGNATURE} || CASE WHEN {rated} THEN {STARS} ELSE '{{}}'::jsonb END"),
    )  # fmt: skip


def _closing(step: int, close: str, sign: str, remind: str) -> list[str]:
    closer, shut = "'workorders.close_unsigned'", """'{"before": {"closed_at": null}}'::jsonb"""
    return [
        _event(step, "reminded", "''", "", remind, "NULL::bigint", closer, "'{}'::jsonb", "'system'"),
        _event(step + 2, "close", "'signed'", "closed", close, "desk", "desk_name", shut, where=f"{sign} IS NOT NULL"),
        _event(
            step + 2, "close_unsigned", "'done'", "closed", close, "NULL::bigint", closer, shut, "'system'",
            where=f"{sign} IS NULL AND cancel IS NULL",
        ),
    ]  # fmt: skip


UNDONE = (
    "jsonb_build_object('returned', 0, 'finished_at', pg_temp.moment(fin1)) || "
    + _if(
        "sign1 IS NOT NULL",
        "jsonb_build_object('signed_at', pg_temp.moment(sign1), 'signed_by_id', signer, 'signed_name', signer_name,"
        " 'signed_way', CASE WHEN channel = 'patient' THEN 'proxy' ELSE 'own' END)",
    )
    + " || "
    + _if("close1 IS NOT NULL", "jsonb_build_object('closed_at', pg_temp.moment(close1))")
)
REWORKED = [
    _event(
        16, "reopen", "rework", "dispatched", "redo", "nurse", "nurse_name",
        _facts(f"'reason', {_reason('reopen', 115)}, 'signed', CASE WHEN sign1 IS NULL THEN '' ELSE signer_name END,"
               " 'closed', rework = 'closed'", UNDONE),
    ),
    _event(17, "accept", "'dispatched'", "accepted", "acc2", "worker", "worker_name", """'{"before": {}}'::jsonb"""),
    _event(18, "arrive", "'accepted'", "arrived", "arr2", "worker", "worker_name", """'{"before": {}}'::jsonb"""),
    _event(
        19, "finish", "'arrived'", "done", "fin2", "worker", "worker_name",
        _facts("'remedy', remedy", """'{"finished_at": null}'::jsonb"""),
    ),
]  # fmt: skip
CANCELLED = [
    _event(
        20, verb, "(ARRAY['reported', 'dispatched', 'accepted'])[stage + 1]", "cancelled", "cancelled", actor, f"{actor}_name",
        _facts(f"'reason', {_reason(verb, 116)}", """'{"closed_at": null}'::jsonb"""), where=f"cancel = '{verb}'",
    )
    for verb, actor in (("withdraw", "nurse"), ("void", "desk"))
]  # fmt: skip
REPORTED = _event(
    -1, "reported", "''", "", "reported_at", "reporter", "CASE channel WHEN 'phone' THEN desk_name ELSE reporter_name END",
    "jsonb_build_object('channel', channel, 'urgency', urgency)", "CASE channel WHEN 'patient' THEN 'visitor' ELSE 'user' END",
)  # fmt: skip
FROM_ROUND = _event(  # found by an inspection
    0, "from_round", "''", "", "CASE WHEN finder IS NOT NULL THEN reported_at END", "finder", "finder_name",
    "jsonb_build_object('round', found_round, 'text', found_plan)",
)  # fmt: skip
COMMENTED = _event(
    9, "commented", "''", "", "lined", "desk", "desk_name", f"jsonb_build_object('text', {_reason('comment', 117)})",
    where="pg_temp.u(n, 118) < 0.05",
)  # fmt: skip
ALL = [
    REPORTED, FROM_ROUND, *DISPATCHED, *WORKED, *LINED, COMMENTED,
    _signed(13, "sign1", "fin2 IS NULL"), *_closing(12, "close1", "sign1", "rem1"),
    *REWORKED, _signed(22, "sign2", "true"), *_closing(21, "close2", "sign2", "rem2"), *CANCELLED,
]  # fmt: skip
EVENT_COLUMNS = (
    "hospital_id subject subject_id verb source target at actor_id actor_kind actor_name data channel address"
)
EVENTS = f"""
SELECT hospital, 'workorders.workorder', id, verb, source, target, at, actor, kind, name, data,
  CASE kind WHEN 'system' THEN 'task' WHEN 'visitor' THEN 'door' ELSE 'page' END,
  CASE WHEN kind <> 'system' THEN '10.0.0.0'::inet + (hospital %% 200) * 65536 + COALESCE(actor, id) %% 60000 END
FROM ({" UNION ALL ".join(ALL)}) AS e (hospital, id, verb, source, target, at, actor, kind, name, data, step)
ORDER BY at, id, step
"""

"""Every address with something of a hospital in it: how hospital A fills it, and who of A opens it.

`get` and `post` say what A's holder does there (a dict is posted); None: there is no such method. An address that names
nothing of one hospital is OPEN; one that opens by a secret of its own is SECRET, and is asked with a wrong one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.sweeps.secrets import photo

OPEN, SECRET, OWN = "open", "secret", "own"


@dataclass(frozen=True)
class Address:
    """`fill` answers the arguments of the address out of what A has."""

    fill: Callable[[Any], tuple[Any, ...]]
    who: str = "ada"
    get: bool = True
    post: Callable[[Any], dict[str, Any]] | None = None
    told: int = 0  # the refusal that A's holder is told there
    kind: str = OWN


def at(path: str, *more: Any, **facts: Any) -> Address:
    """An address with the key of `path` ("world.a.room" or "asset"), then whatever else stands in it."""

    def fill(made: Any) -> tuple[Any, ...]:
        thing = made
        for step in path.split("."):
            thing = getattr(thing, step)
        return (thing.pk, *(m(made) if callable(m) else m for m in more))

    return Address(fill, **facts)


def nothing(made: Any) -> dict[str, Any]:
    return {}


ROOM, UNIT, TEAM = "world.a.room", "world.a.other_ward", "world.a.other_team"
API = {
    "api:hospital-detail": at("world.a.hospital", who="dan"),
    "api:place-detail": at(ROOM, who="dan"),
    "api:unit-detail": at("world.a.ward", who="dan"),
    "api:checklist-detail": at("checklist", who="dan"),
    "api:asset-detail": at("asset", who="dan"),
    "api:service-detail": at("service", who="dan"),
    "api:plan-detail": at("plan", who="dan"),
    "api:plan-dates": at("plan", who="dan"),
    "api:meter-detail": at("meter", who="dan"),
    "api:meter-readings": at("meter", who="hal", post=nothing, told=422),  # no reading
    "api:round-detail": at("round", who="dan"),
    "api:round-sheet": at("going", who="dan"),
    "api:round-start": at("round", who="tom", get=False, post=nothing),
    "api:round-answers": at("going", who="tom", get=False, post=nothing, told=422),  # no batch: it is of JSON
    "api:return-request-detail": at("return_request", who="kim", kind=OPEN),
    "api:return-due-detail": at("return_due", who="max"),
    "api:return-due-form": at("return_due", who="max"),
    "api:return-due-hand-in": at(
        "return_due", who="max", get=False, post=nothing, told=422
    ),  # no values: it is of JSON
    "api:return-detail": at("returned_value", who="max"),
    "api:hazard-detail": at("hazard", who="dan"),
    "api:announcement-detail": at("announcement", who="rita"),
    "api:announcement-end": at("announcement", who="dan", get=False, post=nothing),
    "api:work-order-detail": at("reported", who="dan"),
    "api:work-order-move": at("dispatched", "accept", who="tom", get=False, post=nothing),
    "?": Address(lambda made: ("v1/nowhere/",), get=False, kind=OPEN),
}
OFFICE = {
    "administration:hospital": at("world.a.hospital"),
    "administration:chains_of": at("world.a.hospital"),
    "administration:chain": at("world.a.hospital", lambda made: "hazards.overdue"),
    "administration:place": at(ROOM),
    "administration:place_edit": at(ROOM),
    "administration:place_move": at(ROOM),
    "administration:place_close": at(ROOM),
    "administration:place_merge": at(ROOM),
    "administration:place_door": at(ROOM),
    "administration:unit": at(UNIT),
    "administration:unit_edit": at(UNIT),
    "administration:unit_merge": at(UNIT),
    "administration:unit_close": at(UNIT),
    "administration:team": at(TEAM),
    "administration:team_edit": at(TEAM),
    "administration:team_merge": at(TEAM),
    "administration:team_close": at(TEAM),
    "administration:person": at("member"),
    "administration:person_edit": at("member"),
    "administration:person_code": at("member", get=False, post=nothing),
    "administration:person_grant": at("member"),
    "administration:person_leave": at("leaver"),
    "administration:grant_revoke": at("grant"),
    "administration:engagement": at("engagement"),
    "administration:engagement_end": at("engagement"),
    "administration:role": at("role", who="kim", kind=OPEN),
}
THINGS = {
    "assets:asset": at("asset"),
    "assets:asset_edit": at("asset"),
    "assets:asset_label": at("asset"),
    "assets:asset_attach": at("asset", post=lambda made: {"file": photo(), "kind": "document"}),
    "assets:meter_add": at("asset"),
    "assets:meter_read": at("asset", lambda made: made.meter.pk),
    "assets:asset_move": at("asset", "seal"),
    "assets:asset_undo": at("asset", get=False, post=nothing, told=409),  # no step of an asset is taken back
    "assets:duty_add": at("asset", "periodic"),
    "assets:duty_edit": at("asset", lambda made: made.duty.pk),
    "exchange:import": Address(lambda made: ("units",), kind=OPEN),
    "exchange:template": Address(lambda made: ("units",), kind=OPEN),
    "exchange:job": Address(lambda made: ("units", made.job.pk)),
    "exchange:columns": Address(lambda made: ("units", made.job.pk)),
    "exchange:progress": Address(lambda made: ("units", made.running.pk)),
    "lists:export": at("export"),
    "lists:export_progress": at("export"),
    "lists:export_file": at("export"),
    "lists:view": at("view"),
    "lists:view_delete": at("view"),
    "lists:view_add": Address(lambda made: ("administration-unit",), kind=OPEN),
    "lists:first": Address(lambda made: ("administration-unit",), get=False, post=nothing, kind=OPEN),
    "lists:columns": Address(lambda made: ("workorders-order",), kind=OPEN),
    "lists:workbook": Address(lambda made: ("workorders-order",), kind=OPEN),
    "flow:file": at("file", who="dan"),
    **{
        f"indicators:{name}": Address(lambda made: (made.indicator.key,), who="kim", kind=OPEN)
        for name in ("one", "change")
    },
    "indicators:entry": Address(lambda made: ("workorders.on_time",), who="max", kind=OPEN),
    "indicators:file": at("return_file", who="kim", kind=OPEN),
    "indicators:columns": at("return_file", who="kim", kind=OPEN),
    "indicators:request": at("return_request", who="kim", kind=OPEN),
    "indicators:request_edit": at("return_request", who="kim", kind=OPEN),
    "indicators:request_remind": at(
        "return_request", who="kim", get=False, post=lambda made: {"due": str(made.return_due.pk)}, kind=OPEN
    ),
    "indicators:due": at("return_due", who="max"),
    "indicators:due_draft": at("return_due", who="max", get=False, post=nothing),
    "indicators:due_sheet": at("return_due", who="max"),
    "indicators:due_assign": at("return_due", who="max"),
    "indicators:due_move": at("return_handed", "send_back", who="kim"),
    "indicators:due_undo": at("return_due", who="max", get=False, post=nothing, told=409),  # no step is taken back
    "kpi:figure": Address(lambda made: ("workorders.received",), who="max", kind=OPEN),
    "notices:notice": at("notice", who="rita"),
    "notices:robot": at("robot"),
    "notices:robot_edit": at("robot"),
    "notices:robot_test": at("robot", get=False, post=nothing),
    "notices:delivery": at("failed"),
    "notices:delivery_resend": at("failed", get=False, post=nothing),
    "notices:announcement": at("announcement", who="dan"),
    "notices:announcement_edit": at("announcement", who="dan"),
    "notices:announcement_end": at("announcement", who="dan", get=False, post=nothing),
    "notices:announcement_dismiss": at("announcement", who="rita", get=False, post=nothing),
}
HAZARDS = {
    "maintenance:reliability": at("asset", who="dan"),
    "hazards:report_what": at(ROOM, who="rita"),
    "hazards:report_send": at(ROOM, "other", who="rita"),
    "hazards:hazard": at("hazard", who="dan"),
    "hazards:hazard_edit": at("hazard", who="dan"),
    "hazards:hazard_notice": at("hazard", who="dan"),
    "hazards:hazard_order": at("hazard", who="dan"),
    "hazards:hazard_move": at("hazard", "assign", who="dan"),
    "hazards:hazard_undo": at("hazard", who="dan", get=False, post=nothing, told=409),  # no step is taken back
}
PEOPLE = {
    "people:roster_team": at("world.a.team", who="lea"),
    "people:roster_set": at(
        "world.a.team", who="lea", get=False, post=lambda made: {"set": f"{made.tom_here.pk}.{made.today}."}
    ),
    "people:roster_counts": at("world.a.team", who="lea"),
    "people:roster_copy": at("world.a.team", who="lea", get=False, post=nothing),
    "people:roster_person": at("world.a.team", lambda made: made.tom_here.pk, who="lea"),
    "people:shifts": at("world.a.team", who="lea"),
    "people:shift": at("world.a.team", lambda made: made.shift.pk, who="lea"),
    "people:duty": at("world.a.hospital", lambda made: str(made.today), lambda made: "officer", who="max"),
    "people:absence": at("absence", who="lea"),
    "people:worked": at("worked", who="lea"),
    "people:absence_back": at("absence", who="lea", get=False, post=nothing),
    "people:person_skills": at("tom_here", who="lea"),
}
WARD = {
    "workorders:ask_tiles": at(ROOM, who="rita"),
    "workorders:ask_send": at(ROOM, lambda made: made.problem.pk, who="rita"),
    "workorders:ask_send_service": at(ROOM, lambda made: made.service.pk, who="rita"),
    "workorders:ask_join": at(ROOM, lambda made: made.reported.pk, who="max", get=False, post=nothing),
    "workorders:door": Address(lambda made: (made.door.pk,), who="rita", kind=SECRET),
    "workorders:door_report": Address(lambda made: (made.door.pk, made.problem.pk), who="", kind=SECRET),
    "workorders:follow": Address(lambda made: (made.followed.follow_token,), who="", kind=SECRET),
    "workorders:ask_order": at("reported", who="rita"),
    "workorders:ask_sign": at("done", who="rita", post=lambda made: {"stars": "5"}),
    "workorders:ask_rework": at("done", who="rita"),
    "workorders:ask_object": at("done", who="rita"),
    "workorders:ask_withdraw": at("reported", who="rita"),
    "workorders:ask_undo": at("just_signed", who="rita", get=False, post=nothing),
}
DESK = {
    "workorders:absence": at("tom_here", who="dan"),
    "workorders:board_card": at("reported", who="dan"),
    "workorders:board_drop": at(
        *("reported",), who="dan", get=False, post=lambda made: {"to": f"team-{made.world.a.team.pk}"}
    ),
    "workorders:desk_join": at("reported", who="dan", get=False, post=nothing),
    "workorders:handover_record": at("handover", who="dan"),
    "workorders:handover_take": at("handover", who="max", get=False, post=nothing),
    "workorders:desk_order": at("reported", who="dan"),
    "workorders:desk_dispatch": at("reported", who="dan", get=False, post=lambda made: {"to": str(made.world.a.team.pk)}),
    "workorders:order": at("reported", who="dan"),
    "workorders:order_slip": at("reported", who="dan"),
    "workorders:order_edit": at("reported", who="dan"),
    "workorders:order_move": at("reported", "dispatch", who="dan"),
    "workorders:order_part": at("reported", who="dan"),
    "workorders:order_undo": at("dispatched", who="dan", get=False, post=nothing),
    "workorders:order_comment": at("reported", who="dan", get=False, post=lambda made: {"text": "ok"}),
    "workorders:order_attach": at(
        "reported", who="dan", get=False, post=lambda made: {"upload": photo(), "kind": "document"}
    ),
    "workorders:order_line": at(
        *("arrived",), who="tom", get=False,
        post=lambda made: {"kind": "part", "text": "x", "quantity": "1", "price": "2", "minutes": "0"},
    ),
    "workorders:order_line_remove": at("arrived", lambda made: made.line.pk, who="tom", get=False, post=nothing),
}  # fmt: skip
WORK = {
    "workorders:work_job": at("dispatched", who="tom"),
    "workorders:work_undo": at("accepted", who="tom", get=False, post=nothing),
    "workorders:work_part": at("arrived", who="tom"),
    "workorders:work_helper": at("arrived", who="tom"),
    "workorders:work_remark": at("arrived", who="tom"),
    "workorders:work_photo": at("arrived", who="tom"),
    "workorders:work_step": at("arrived", "finish", who="tom"),
}
CATALOGUE = {
    "workorders:service": at("service"),
    "workorders:service_edit": at("service"),
    "workorders:service_skills": at("service"),
    "workorders:service_merge": at("service"),
    "workorders:problem_add": at("service"),
    "workorders:limits_of": at("world.a.hospital"),
    "workorders:limits_week": at("world.a.hospital"),
    "workorders:limits_reminders": at("world.a.hospital"),
    "workorders:limits_chain": at("world.a.hospital"),
    "workorders:limits_day_add": at("world.a.hospital"),
    "workorders:limits_day": at("world.a.hospital", lambda made: made.special_day.pk),
    "workorders:rate": at("rate"),
    "workorders:problem_edit": at("service", lambda made: made.problem.pk),
}
INSPECTIONS = {
    "inspections:plan": at("plan", who="dan"),
    "inspections:plan_edit": at("plan", who="hal"),
    "inspections:plan_preview": at("plan", who="hal", get=False, post=nothing),
    "inspections:plan_route": at(
        "plan", who="hal", post=lambda made: {"do": "add", "place": str(made.world.a.room.pk)}
    ),
    "inspections:plan_found": at("plan", who="hal"),
    "inspections:plan_move": at("plan", "pause", who="hal", get=False, post=nothing),
    "inspections:plan_undo": at("plan", who="hal", get=False, post=nothing, told=409),  # no step is taken back
    "inspections:round": at("round", who="dan"),
    "inspections:round_move": at("round", "assign", who="lea"),
    "inspections:round_undo": at("skipping", who="tom", get=False, post=nothing),
    "inspections:round_decide": at(
        "going", lambda made: made.finding.pk, who="lea", get=False, post=lambda made: {"became": "fixed"}
    ),
    "inspections:round_paper": at("round", who="dan"),
    "inspections:round_key_in": at("round", who="lea"),
    "inspections:my": at("round", who="tom"),
    "inspections:my_step": at("round", "ask_skip", who="tom", post=lambda made: {"skip_reason": "closed"}),
    "inspections:my_undo": at("skipping", who="tom", get=False, post=nothing),
    "inspections:my_send": at(
        "going", who="tom", get=False, post=lambda made: {"user": made.world.tom.pk, "entries": "[]"}
    ),
}
CHECKLISTS = {
    "inspections:checklist": at("checklist", who="tom"),
    "inspections:checklist_edit": at("checklist", who="hal"),
    "inspections:checklist_publish": at("checklist", lambda made: 2, who="hal"),
    "inspections:checklist_discard": at(
        *("checklist",), who="hal", get=False, post=lambda made: {"edition": str(made.checklist_draft.pk)}
    ),
    "inspections:checklist_builder": at("checklist", who="hal"),
    "inspections:checklist_draft": at("checklist", who="hal", get=False, post=nothing),
    "inspections:checklist_retire": at("checklist", who="hal", get=False, post=nothing),
}
REPORTS = {
    "reporting:person": at("member"),
    "reporting:team": at("world.a.other_team"),
    "reporting:contractor": at("world.firm", kind=OPEN),
    "reporting:league": Address(lambda made: ("workorders.on_time",), who="max", kind=OPEN),
    "reporting:report": at("report", who="max", post=lambda made: {"words": "ok"}),
    "reporting:report_paper": at("report", who="max"),
    "reporting:report_book": at("report", who="max"),
    "reporting:screen_revoke": at("screen", get=False, post=nothing),
    "wall:wall": Address(lambda made: (made.screen_token,), who="", kind=SECRET),
    "wall:figures": Address(lambda made: (made.screen_token,), who="", kind=SECRET),
}
ASSESSMENT = {
    "api:frozen-figure-detail": at("assessed_figure", who="max"),
    "api:published-figure-detail": at("assessed_published", who="kim", kind=OPEN),
    "assessment:figure": at("assessed_figure", who="max"),
    "assessment:figure_records": at("assessed_figure", who="max"),
    "assessment:figure_appeal": at("assessed_figure", who="max"),
    "assessment:figure_plan": at("assessed_figure", who="max"),
    "assessment:reply": at("assessed_reply", who="max"),
    "assessment:reply_move": at("assessed_reply", "see", who="max", get=False, post=nothing),
    "assessment:reply_undo": at("assessed_reply", who="max", get=False, post=nothing, told=409),
    "assessment:appeal": at("assessed_appeal", who="max"),
    "assessment:appeal_move": at("assessed_appeal", "withdraw", who="max", get=False, post=nothing),
    "assessment:appeal_undo": at("assessed_appeal", who="max", get=False, post=nothing, told=409),
    "assessment:exclusion": at("assessed_exclusion", who="max"),
    "assessment:exclusion_move": at("assessed_exclusion", "approve", who="kim", get=False, post=nothing),
    "assessment:exclusion_undo": at("assessed_exclusion", who="max", get=False, post=nothing, told=409),
    "assessment:action": at("assessed_action", who="max"),
    "assessment:action_move": at("assessed_action", "finish", who="max"),
    "assessment:action_undo": at("assessed_action", who="max", get=False, post=nothing, told=409),
}
ADDRESSES = {
    **REPORTS,
    **ASSESSMENT,
    **CHECKLISTS,
    **INSPECTIONS,
    **CATALOGUE,
    **API,
    **OFFICE,
    **THINGS,
    **HAZARDS,
    **PEOPLE,
    **WARD,
    **DESK,
    **WORK,
}

# Without signing in: signing in itself, health, the description of the API, doors and what a visitor follows.
PUBLIC = {
    *("healthz", "readyz", "accounts:sign_in", "accounts:code", "accounts:sign_out", "accounts:preferences"),
    *("api:token", "api:schema", "api:docs", "?"),
    *("wall:wall", "wall:figures"),
    *("workorders:door", "workorders:door_report", "workorders:follow", "inspections:worker"),
}
# What a consortium has published names the hospital to every member; its figures say nothing of records or people.
PUBLISHED = {"assessment:published", "reporting:league"}
# Pages that end or change the session of who asks.
LEAVING = {"accounts:sign_out", "accounts:password"}

"""Every GET address of the site: gated, or exempt with its reason. A new list, record, board or resource is one line here.

GATED names the page and, where it differs, what the page is asked with. What fills an address with a parameter stands in
`tests/sweeps/addresses.py`; the gates' own consortium has a record for each of those names.
"""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from tests.sweeps.addresses import ADDRESSES

GATED: dict[str, dict[str, str]] = {
    "administration:engagement": {},
    "administration:engagement_list": {},
    "administration:event_list": {},
    "administration:home": {},
    "administration:hospital": {},
    "administration:hospitals": {},
    "administration:person": {},
    "administration:person_list": {},
    "administration:place": {},
    "administration:place_list": {},
    "administration:refusals": {},
    "administration:role": {},
    "administration:roles": {},
    "administration:sign_ins": {},
    "administration:team": {},
    "administration:team_list": {},
    "administration:unit": {},
    "administration:unit_list": {},
    "administration:why": {},
    "api:asset-detail": {},
    "api:asset-list": {},
    "api:hazard-detail": {},
    "api:hazard-list": {},
    "api:checklist-detail": {},
    "api:checklist-list": {},
    "api:round-detail": {},
    "api:round-list": {},
    "api:round-sheet": {},
    "api:hospital-detail": {},
    "api:hospital-list": {},
    "api:kpi-list": {},
    "api:place-detail": {},
    "api:place-list": {},
    "api:service-detail": {},
    "api:service-list": {},
    "api:unit-detail": {},
    "api:unit-list": {},
    "api:work-order-detail": {},
    "api:work-order-list": {},
    "assets:asset": {},
    "assets:asset_list": {},
    "departments:catering": {},
    "departments:cleaning": {},
    "departments:deadlines": {"days": "30"},
    "departments:maintenance": {},
    "departments:procurement": {},
    "departments:security": {},
    "exchange:home": {},
    "hazards:hazard": {},
    "hazards:hazard_list": {},
    "hazards:report": {},
    "hazards:report_what": {},
    "exchange:job": {},
    "home": {},
    "indicators:entry": {},
    "indicators:library": {},
    "indicators:one": {},
    "indicators:overview": {},
    "inspections:checklist": {},
    "inspections:checklist_list": {},
    "inspections:my": {},
    "inspections:plan": {},
    "inspections:plan_list": {},
    "inspections:round": {},
    "inspections:round_list": {},
    "inspections:today": {},
    "kpi:dashboard": {},
    "kpi:figure": {},
    "kpi:targets": {},
    "maintenance:reliability": {},
    "notices:announcement": {},
    "notices:announcement_list": {},
    "notices:bell": {},
    "notices:delivery": {},
    "notices:delivery_list": {},
    "notices:list": {},
    "notices:preferences": {},
    "notices:robot": {},
    "notices:robot_list": {},
    "search": {"q": "灯"},
    "workorders:ask": {},
    "workorders:ask_new": {},
    "workorders:ask_order": {},
    "workorders:ask_tiles": {},
    "workorders:board": {},
    "workorders:board_card": {},
    "workorders:desk": {},
    "workorders:desk_order": {},
    "workorders:desk_queue": {},
    "workorders:door": {},
    "workorders:limits_of": {},
    "workorders:order": {},
    "workorders:order_list": {},
    "workorders:places": {"q": "病房"},
    "workorders:promise": {},
    "workorders:cost_list": {},
    "workorders:costs": {},
    "workorders:rate_list": {},
    "workorders:rate": {},
    "workorders:service": {},
    "workorders:service_list": {},
    "workorders:work": {},
    "workorders:work_job": {},
    "workorders:work_poll": {},
}

FORM = "a form or a sheet for one step: it shows the record of a gated page with fields to fill"
STEP = "takes a step by POST; a GET is refused or leads back"
SIGN_IN = "signing in and out, own preferences: one row, one person"
COUNTED = "its statements are counted in tests/people, for teams of any size"
REPORTED = "its statements are counted in tests/reporting, for any number of hospitals"
HEALTH = "for programs that watch the site; tests/launch/test_health.py"
PAPER = "a paper or a file: its length is that of fonts and pictures, not of rows"
EXEMPT: dict[str, str] = {
    **dict.fromkeys((f"reporting:{name}" for name in ("mine", "person", "parts", "team", "contractor")), REPORTED),
    **dict.fromkeys((f"indicators:{name}" for name in ("add", "change", "file", "files")), FORM),
    **dict.fromkeys(("accounts:code", "accounts:nothing", "accounts:password", "accounts:preferences"), SIGN_IN),
    **dict.fromkeys(("accounts:sign_in", "accounts:sign_out", "tenancy:switch"), SIGN_IN),
    **dict.fromkeys(("healthz", "readyz"), HEALTH),
    **dict.fromkeys(("api:docs", "api:schema"), "the description of the API: no row is read"),
    **dict.fromkeys(("api:token", "api:work-order-move", "?"), STEP),
    **dict.fromkeys(("assets:asset_label", "assets:labels", "assets:place_labels", "exchange:template"), PAPER),
    **dict.fromkeys(("administration:place_door", "flow:file", "workorders:order_slip"), PAPER),
    **dict.fromkeys(
        ("administration:engagement_add", "administration:engagement_end", "administration:grant_revoke"), FORM
    ),
    **dict.fromkeys(("administration:hospital_add", "administration:person_add", "administration:person_edit"), FORM),
    **dict.fromkeys(("administration:person_grant", "administration:person_leave"), FORM),
    "administration:person_code": STEP,
    **dict.fromkeys((f"administration:place_{verb}" for verb in ("add", "edit", "move", "close", "merge")), FORM),
    **dict.fromkeys((f"administration:unit_{verb}" for verb in ("add", "edit", "close", "merge")), FORM),
    **dict.fromkeys((f"administration:team_{verb}" for verb in ("add", "edit", "close", "merge")), FORM),
    **dict.fromkeys((f"assets:asset_{verb}" for verb in ("add", "attach", "edit", "move")), FORM),
    "assets:asset_undo": STEP,
    **dict.fromkeys(("assets:duty_add", "assets:duty_edit"), FORM),
    **dict.fromkeys((f"hazards:hazard_{verb}" for verb in ("add", "edit", "move", "order")), FORM),
    **{"hazards:report_send": FORM, "hazards:hazard_notice": PAPER, "hazards:hazard_undo": STEP},
    **dict.fromkeys((f"inspections:checklist_{verb}" for verb in ("add", "builder", "edit", "publish")), FORM),
    **dict.fromkeys((f"inspections:checklist_{verb}" for verb in ("discard", "draft", "retire")), STEP),
    **dict.fromkeys(("inspections:my_step", "inspections:round_move", "inspections:round_key_in"), FORM),
    **dict.fromkeys((f"inspections:{name}" for name in ("my_undo", "my_send", "round_undo", "round_decide")), STEP),
    **dict.fromkeys(("api:round-start", "api:round-answers"), STEP),
    **dict.fromkeys(("inspections:round_paper", "inspections:worker"), PAPER),
    "inspections:my_who": "says who is signed in: no row is read",
    **dict.fromkeys(
        (f"inspections:plan_{verb}" for verb in ("add", "edit", "move", "preview", "route", "found")), FORM
    ),
    "inspections:plan_undo": STEP,
    **dict.fromkeys(("assets:meter_add", "assets:meter_read"), FORM),
    "workorders:order_part": FORM,
    "workorders:board_drop": STEP,
    "workorders:service_skills": FORM,
    "workorders:desk_several": FORM,
    **dict.fromkeys(("exchange:columns", "exchange:import", "exchange:progress", "kpi:target_add"), FORM),
    **dict.fromkeys(("lists:columns", "lists:view", "lists:view_add", "lists:view_delete", "lists:workbook"), FORM),
    **dict.fromkeys(("lists:export", "lists:export_progress", "lists:files"), "one person's own few workbooks"),
    "lists:export_file": PAPER,
    "lists:first": STEP,
    **dict.fromkeys(
        (f"notices:{thing}_{verb}" for thing in ("robot", "announcement") for verb in ("add", "edit")), FORM
    ),
    **dict.fromkeys(("notices:robot_test", "notices:delivery_resend"), STEP),
    **dict.fromkeys(("notices:announcement_end", "notices:announcement_dismiss"), STEP),
    **dict.fromkeys(("notices:notice", "notices:read_all"), "marks as read and leads on"),
    **dict.fromkeys(
        (f"workorders:ask_{verb}" for verb in ("rework", "object", "send", "send_service", "sign", "withdraw")), FORM
    ),
    **dict.fromkeys(("workorders:ask_join", "workorders:ask_undo", "workorders:desk_dispatch"), STEP),
    "workorders:desk_join": STEP,
    **dict.fromkeys(
        ("workorders:handover", "workorders:handover_record", "workorders:handover_list"),
        "their statements are counted in tests/workorders/test_handover.py, for any number of orders and people",
    ),
    "workorders:handover_take": STEP,
    "workorders:desk_day": "its statements are counted in tests/workorders/test_dayplan.py, for teams of any size",
    **dict.fromkeys(("workorders:desk_call", "workorders:desk_caller", "workorders:door_report"), FORM),
    **dict.fromkeys((f"people:{name}" for name in ("absence_list", "absence", "absence_choose", "duties")), COUNTED),
    **dict.fromkeys(("people:mine", "people:roster", "people:roster_team", "people:roster_counts"), COUNTED),
    "people:skills": COUNTED,
    **dict.fromkeys((f"people:{name}" for name in ("duty", "person_skills", "roster_person")), FORM),
    **dict.fromkeys(("people:shift", "people:shifts", "workorders:absence"), FORM),
    **dict.fromkeys((f"people:{name}" for name in ("absence_back", "roster_copy", "roster_set")), STEP),
    "workorders:follow": "opens by a secret for a visitor without account, who is none of the four",
    **dict.fromkeys((f"workorders:order_{verb}" for verb in ("edit", "move")), FORM),
    **dict.fromkeys(
        (f"workorders:order_{verb}" for verb in ("attach", "comment", "line", "line_remove", "undo")), STEP
    ),
    **dict.fromkeys((f"workorders:{name}" for name in ("problem_add", "problem_edit")), FORM),
    **dict.fromkeys((f"workorders:limits_{part}" for part in ("week", "reminders", "chain", "day_add", "day")), FORM),
    "workorders:limits": "leads to the page of one hospital",
    "workorders:rate_add": FORM,
    **dict.fromkeys((f"workorders:service_{verb}" for verb in ("edit", "merge")), FORM),
    **dict.fromkeys(
        (f"workorders:work_{verb}" for verb in ("helper", "part", "photo", "plain", "remark", "step")), FORM
    ),
    "workorders:work_undo": STEP,
}


def url_of(name: str, made: Any) -> str:
    return reverse(name, args=ADDRESSES[name].fill(made) if name in ADDRESSES else ())

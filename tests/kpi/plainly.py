"""Every figure worked out anew, in plain Python over exported rows. Shares nothing with the product on purpose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CHINA = timezone(timedelta(hours=8))
Row = dict[str, Any]
Tables = dict[str, list[Row]]
Added = tuple[str, Any, Any, Any]  # figure, day, numerator, denominator
THIRTY = timedelta(days=30)
PATROLS = ("security.fire_patrol", "security.leaving")
FIRE_CHECKS = ("security.fire_monthly", "security.fire_yearly")


def moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def day(text: str | None) -> Any:
    found = moment(text)
    return found.astimezone(CHINA).date() if found else None


def stars(row: Row) -> list[int]:
    return [row[name] for name in ("attitude", "skill", "speed") if row[name] is not None]


def mean(row: Row) -> Decimal:
    given = stars(row)
    return (Decimal(sum(given)) / len(given)).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def seconds(row: Row, until: str) -> int:
    return int((moment(row[until]) - moment(row["reported_at"])).total_seconds())


def is_complaint(row: Row) -> bool:
    return row["internal"] and row["service_key"].endswith(".work_complaint") and row["state"] != "cancelled"


def of_order(row: Row, now: datetime, repairs: dict[Any, list[datetime]]) -> Iterator[Added]:
    """What one order adds. `repairs`: (asset, service) → when such work was finished."""
    reported, due, finished = (moment(row[name]) for name in ("reported_at", "due_at", "finished_at"))
    lived, held = row["channel"] != "import", row["state"] == "waiting" and not row["clock_runs_on"]
    yield "workorders.received", day(row["reported_at"]), 1, None
    if row["state"] == "waiting":
        yield f"workorders.waiting_{row['waiting_reason']}", day(row["reported_at"]), 1, None
    if lived and row["state"] != "cancelled" and moment(row["respond_by"]) <= now:
        answered = row["responded_at"] is not None and moment(row["responded_at"]) <= moment(row["respond_by"])
        yield "workorders.response_on_time", day(row["reported_at"]), int(answered), 1
    if lived and row["responded_at"]:
        yield "workorders.response", day(row["reported_at"]), seconds(row, "responded_at"), 1
    if is_complaint(row):
        yield "workorders.complaints", day(row["reported_at"]), 1, None
    if due <= now and not held:
        if is_complaint(row):
            yield "workorders.complaint_reply", day(row["due_at"]), int(finished is not None and finished <= due), 1
        if lived and row["state"] != "cancelled":
            good = finished is not None and finished <= due and row["returned"] == 0
            yield "workorders.on_time", day(row["due_at"]), int(good), 1
    asked = lived and row["needs_signature"]
    if asked and (row["signed_at"] or row["state"] == "closed"):
        yield "workorders.signed", day(row["signed_at"] or row["closed_at"]), int(bool(row["signed_at"])), 1
    if finished:
        yield from of_finished(
            row, lived, asked, [at for at in repairs[row["asset_id"], row["service_id"]] if at < reported]
        )


def of_finished(row: Row, lived: bool, asked: bool, before: list[datetime]) -> Iterator[Added]:
    on, reported = day(row["finished_at"]), moment(row["reported_at"])
    yield "workorders.done", on, 1, None
    yield "workorders.cost", on, Decimal(str(row["cost"])), 1
    if lived:
        yield "workorders.repair", on, seconds(row, "finished_at") - row["waited_seconds"], 1
        yield "workorders.rework", on, int(row["returned"] > 0), 1
        yield "workorders.first_time_fix", on, int(row["returned"] == 0 and row["waited_seconds"] == 0), 1
    if lived and row["asset_id"]:
        yield "workorders.repeat_30", on, int(any(at >= reported - THIRTY for at in before)), 1
        if row["department"] == "maintenance":
            yield "maintenance.restore", on, seconds(row, "finished_at"), 1
    if asked:
        yield "workorders.answered", on, int(bool(stars(row))), 1
    if asked and stars(row):
        yield "workorders.stars", on, mean(row), 1
        yield "workorders.satisfied", on, int(mean(row) >= 4), 1


def of_round(row: Row, now: datetime, lifts: dict[Any, list[datetime]]) -> Iterator[Added]:
    """What one round adds. `lifts`: asset → when the lift was serviced."""
    state, key, on = row["state"], row["checklist_key"], day(row["due_at"])
    done, late = moment(row["done_at"]), moment(row["late_from"])
    in_window = state == "done" and done < late
    if state != "dropped":
        yield "inspections.planned", on, 1, None
    if state == "skipped":
        yield "inspections.skipped", on, 1, None
    if late <= now and state in ("due", "started", "skipping"):
        yield "inspections.missed", on, 1, None
    if late <= now and state not in ("dropped", "skipped"):
        yield "inspections.in_window", on, int(in_window), 1
        if row["department"] == "maintenance":
            signed = not row["needs_signature"] or row["signed_at"] is not None
            yield "maintenance.qualified", on, int(in_window and row["found"] <= row["fixed"] and signed), 1
        if row["department"] == "cleaning":
            yield "cleaning.planned", on, int(in_window), 1
        if row["department"] == "security" and (key in PATROLS or row["subject"] == "route"):
            complete = int(in_window and row["points_done"] == row["points"])
            yield "security.patrol", on, complete, 1
            if moment(row["due_at"]).astimezone(CHINA).hour in (22, 23, 0, 1, 2, 3, 4, 5):
                yield "security.night_patrol", on, complete, 1
    if state == "done":
        yield from of_done(row, done, lifts)


def of_done(row: Row, done: datetime, lifts: dict[Any, list[datetime]]) -> Iterator[Added]:
    on = day(row["done_at"])
    yield "inspections.done", on, 1, None
    yield "inspections.found", on, row["found"], None
    yield "inspections.fixed", on, row["fixed"], None
    yield "inspections.qualified", on, int(row["found"] <= row["fixed"]), 1
    if row["checklist_key"] in FIRE_CHECKS:
        yield "security.fire_fit", on, int(row["found"] == 0), 1
    if is_lift_service(row):
        before = [at for at in lifts[row["asset_id"]] if at < done]
        if before:
            gap = on - max(before).astimezone(CHINA).date()
            yield "maintenance.lift_interval", on, int(gap.days <= 15), 1


def is_lift_service(row: Row) -> bool:
    return row["checklist_key"] == "maintenance.lift" and row["state"] == "done" and not row["part"] and row["asset_id"]


def of_hazard(row: Row, now: datetime) -> Iterator[Added]:
    if row["state"] == "void":
        return
    found, last = day(row["found_at"]), date.fromisoformat(row["due_on"])
    yield "hazards.found", found, 1, None
    yield "hazards.by_rounds", found, int(row["source"] == "round"), 1
    yield "hazards.reopened", found, int(row["reopened"] > 0), 1
    if last < now.astimezone(CHINA).date():
        good = row["rectified_at"] is not None and day(row["rectified_at"]) <= last and row["reopened"] == 0
        yield "hazards.in_time", last, int(good), 1
        if row["grade"] == "major":
            yield "hazards.major_in_time", last, int(good), 1


def of_return(row: Row, now: datetime) -> Iterator[Added]:
    """What one return that the office asked a hospital for adds."""
    last = date.fromisoformat(row["due_on"])
    if last < now.astimezone(CHINA).date():
        in_time = row["handed_in_at"] is not None and day(row["handed_in_at"]) <= last
        complete = row["times_returned"] == 0 and not row["unknown"]
        yield "indicators.returns_in_time", last, int(in_time and complete), 1


def of_worked(row: Row, now: datetime) -> Iterator[Added]:
    yield "people.certified", date.fromisoformat(row["worked_on"]), int(row["certified"]), 1


def of_appeal(row: Row, now: datetime) -> Iterator[Added]:
    if row["state"] in ("upheld", "rejected"):
        yield "assessment.appeals_upheld", day(row["decided_at"]), int(row["state"] == "upheld"), 1


def of_action(row: Row, now: datetime) -> Iterator[Added]:
    last = date.fromisoformat(row["due_on"])
    if row["kind"] == "corrective" and row["state"] != "dropped" and last < now.astimezone(CHINA).date():
        yield "assessment.actions_in_time", last, int(row["done_at"] is not None and day(row["done_at"]) <= last), 1


def at_24(on: date, row: Row) -> bool:
    """Did the span stand when the day ended?"""
    over = datetime.combine(on + timedelta(days=1), datetime.min.time(), CHINA)
    return moment(row["began_at"]) < over and (row["ended_at"] is None or moment(row["ended_at"]) >= over)


def ran_out(on: date, terms: list[Row]) -> bool:
    """Is there a duty that was to be fulfilled that day and was not?"""
    duties = defaultdict(list)
    for term in terms:
        duties[term["duty_id"]].append(
            (date.fromisoformat(term["valid_from"]), date.fromisoformat(term["valid_until"]))
        )
    return any(
        min(term)[0] <= on and not any(since <= on <= until for since, until in term) for term in duties.values()
    )


def fulfilled(on: date, terms: list[Row]) -> list[bool]:
    """Of each duty that had begun: was it fulfilled that day?"""
    duties = defaultdict(list)
    for term in terms:
        if date.fromisoformat(term["valid_from"]) <= on:
            duties[term["duty_id"]].append(date.fromisoformat(term["valid_until"]) >= on)
    return [any(valid) for valid in duties.values()]


def of_state(row: Row, now: datetime, faults: dict[Any, list[Row]], terms: dict[Any, list[Row]]) -> Iterator[Added]:
    """What a span in which an asset stood in one state adds, day by day."""
    on, today = day(row["began_at"]), now.astimezone(CHINA).date()
    while on <= today and row["state"] in ("in_use", "standby", "broken"):
        if at_24(on, row):
            fault = any(at_24(on, one) for one in faults[row["asset_id"]] if not one["planned"])
            good = row["state"] != "broken" and not fault and not ran_out(on, terms[row["asset_id"]])
            yield "assets.intact_days", on, int(good), 1
            if (on + timedelta(days=1)).day == 1 or on == today:
                for valid in fulfilled(on, terms[row["asset_id"]]):
                    yield "assets.statutory", on, int(valid), 1
        on += timedelta(days=1)
    yield from ran(row, today)
    for fault in faults[row["asset_id"]]:
        at = moment(fault["began_at"])
        there = moment(row["began_at"]) <= at and (row["ended_at"] is None or at < moment(row["ended_at"]))
        if (
            row["state"] in ("in_use", "standby", "broken")
            and there
            and not fault["planned"]
            and day(fault["began_at"]) < today
        ):
            yield "assets.time_between_failures", day(fault["began_at"]), 0, 1


def ran(row: Row, today: date) -> Iterator[Added]:
    """How many seconds of each day that is over an asset was in use."""
    on = day(row["began_at"])
    while row["state"] == "in_use" and on < today:
        begins = datetime.combine(on, datetime.min.time(), CHINA)
        over = begins + timedelta(days=1)
        until = over if row["ended_at"] is None else min(over, moment(row["ended_at"]))
        since = max(begins, moment(row["began_at"]))
        if until < since or (row["ended_at"] and day(row["ended_at"]) < on):
            return
        yield "assets.time_between_failures", on, int((until - since).total_seconds()), 0
        on += timedelta(days=1)


def standing(tables: Tables, now: datetime) -> dict[tuple[str, int], tuple[int, int | None]]:
    """(figure, hospital) → how things stand at this moment."""
    found: dict[tuple[str, int], list[Any]] = {}

    def add(figure: str, row: Row, hit: bool, ratio: bool = False) -> None:
        entry = found.setdefault((figure, row["hospital_id"]), [0, 0 if ratio else None])
        entry[0] += hit
        if ratio:
            entry[1] += 1

    for row in tables["orders"]:
        if row["state"] in ("reported", "dispatched", "accepted", "arrived", "waiting"):
            add("workorders.open", row, True)
            add("workorders.backlog_old", row, moment(row["reported_at"]) < now - THIRTY, ratio=True)
            if moment(row["due_at"]) < now and not (row["state"] == "waiting" and not row["clock_runs_on"]):
                add("workorders.overdue", row, True)
    for row in tables["hazards"]:
        if row["state"] in ("open", "assigned") and date.fromisoformat(row["due_on"]) < now.astimezone(CHINA).date():
            add("hazards.overdue", row, True)
    for row in tables["assets"]:
        if row["state"] != "condemned":
            add("assets.intact", row, row["state"] in ("in_use", "standby"), ratio=True)
    return {key: (value[0], value[1]) for key, value in found.items()}


PARTS = {
    "orders": {"unit": "unit_id", "service": "service_id", "team": "team_id", "place": "place_id",
               "contractor": "contractor_id", "person": "assignee_id"},
    "rounds": {"unit": "unit_id", "team": "team_id", "place": "place_id", "person": "done_by_id"},
    "hazards": {"unit": "unit_id", "team": "team_id", "place": "place_id", "person": "responsible_id"},
    "states": {"unit": "custodian_id", "place": "place_id"},
    "worked": {"team": "team_id", "contractor": "contractor_id", "person": "person_id"},
    "returns": {},
    "appeals": {},
    "actions": {"person": "owner_id"},
}  # fmt: skip


def added(tables: Tables, now: datetime) -> Iterator[tuple[str, Row, Added]]:
    """(table, row, what it adds to a figure)"""
    repairs, lifts = defaultdict(list), defaultdict(list)  # type: dict[Any, list[datetime]], dict[Any, list[datetime]]
    for row in tables["orders"]:
        if row["finished_at"] and row["asset_id"] and row["state"] != "cancelled":
            repairs[row["asset_id"], row["service_id"]].append(moment(row["finished_at"]))
    for row in tables.get("rounds", ()):
        if is_lift_service(row):
            lifts[row["asset_id"]].append(moment(row["done_at"]))
    for row in tables["orders"]:
        yield from (("orders", row, one) for one in of_order(row, now, repairs))
    for row in tables.get("rounds", ()):
        yield from (("rounds", row, one) for one in of_round(row, now, lifts))
    faults, terms = defaultdict(list), defaultdict(list)  # type: dict[Any, list[Row]], dict[Any, list[Row]]
    for name, found in (("downtimes", faults), ("terms", terms)):
        for row in tables.get(name, ()):
            found[row["asset_id"]].append(row)
    for row in tables.get("states", ()):
        yield from (("states", row, one) for one in of_state(row, now, faults, terms))
    others = {
        "worked": of_worked,
        "hazards": of_hazard,
        "returns": of_return,
        "appeals": of_appeal,
        "actions": of_action,
    }
    for table, adds in others.items():
        for row in tables.get(table, ()):
            yield from ((table, row, one) for one in adds(row, now))


def measure(tables: Tables, now: datetime) -> dict[tuple[Any, ...], tuple[Decimal, Decimal | None]]:
    """(hospital, figure, day, department, kind, ref) → (numerator, denominator)."""
    sums: dict[tuple[Any, ...], list[Any]] = defaultdict(lambda: [Decimal(0), None])
    for table, row, (figure, on, numerator, denominator) in added(tables, now):
        ids = {kind: row[column] for kind, column in PARTS[table].items() if row[column]}
        for kind, ref in {"": 0, **ids}.items():
            entry = sums[row["hospital_id"], figure, on, row["department"], kind, ref]
            entry[0] += Decimal(numerator)
            if denominator is not None:
                entry[1] = (entry[1] or Decimal(0)) + denominator
    return {key: (value[0], value[1]) for key, value in sums.items()}


BY_MONTH = ("assets.intact_days", "assets.time_between_failures")  # their parts are kept by month, however young


def young(today: date) -> date:
    """Parts are kept by day from here on: the first of the month before this one."""
    return date(today.year - (today.month == 1), (today.month - 2) % 12 + 1, 1)


def as_kept(days: dict[tuple[Any, ...], tuple[Any, Any]], today: date) -> dict[tuple[Any, ...], tuple[Any, Any]]:
    """The same as it is stored: parts by month until the month before the last; a day on which nothing was in use is no row."""
    since = young(today)
    found: dict[tuple[Any, ...], tuple[Any, Any]] = {}
    for (hospital, key, on, department, kind, ref), (above, below) in days.items():
        if kind and (on < since or key in BY_MONTH):
            on = on.replace(day=1)
        before = found.get((hospital, key, on, department, kind, ref), (0, None))
        below = before[1] if below is None else below + (before[1] or 0)
        if key not in BY_MONTH or above or below:
            found[hospital, key, on, department, kind, ref] = (above + before[0], below)
    return found

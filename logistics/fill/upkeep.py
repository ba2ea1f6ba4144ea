"""Rounds, hazards and equipment of the whole consortium, set-based: what rounds found comes before the orders, the rest after
them."""

from __future__ import annotations

import io
from itertools import accumulate
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models
from django.utils import timezone, translation
from PIL import Image, ImageDraw
from psycopg2.extras import execute_values

from assets.models import AssetDuty, AssetState, Downtime, DutyTerm, Meter, Reading
from flow import store
from flow.models import Attachment, Event
from hazards.models import Hazard
from inspections import subjects
from inspections.models import Answer, Finding, Point
from logistics.fill import checks, facts, hazards, inspections, plant, round_events, rounds, rows
from logistics.fill.organisation import Built
from logistics.fill.plan import Plan
from tenancy.scope import scope

TABLES = (
    *("inspections_round", "inspections_point", "inspections_answer", "inspections_finding", "hazards_hazard"),
    *("flow_attachment", "assets_meter", "assets_reading", "assets_assetduty", "assets_downtime"),
    *("assets_assetstate", "assets_dutyterm"),
)
COLOURS = {"before": ("indianred", "peru", "slategray"), "after": ("seagreen", "steelblue", "olivedrab")}


def before(plan: Plan, builts: list[Built]) -> None:
    """Plans, rounds and answers; what an order will be reported of waits in `fill_found`."""
    with connection.cursor() as cursor:
        cursor.execute(facts.HELPERS.replace("{seed}", str(plan.seed * 1000)) + plant.HELPER)
        cursor.execute("CREATE TEMPORARY TABLE fill_raised (fault bigint, id bigint) ON COMMIT DROP")
        checks.create(builts)
        _photos(cursor)
        dates = []
        for built in builts:
            with scope([built.hospital.pk]), translation.override("zh-hans"):
                dates += inspections.arrange(plan, built)
        cursor.execute("SET LOCAL enable_nestloop = off")  # all dates at once, in tables without indexes and statistics
        subjects.enter(sorted({one.plan for one in dates}), dates)
        cursor.execute("SET LOCAL enable_nestloop = on")
        cursor.execute("ANALYZE inspections_round, assets_asset")
        given = _given(plan, cursor)
        for sql, table in (
            (plant.METERS, "fill_meter"), (rounds.FATE, "fill_fate"), (rounds.POINTS, "fill_point"),
            (rounds.ANSWERS, "fill_answer"),
            (rounds.FAULTS, "fill_fault"), (rounds.FOUND, "fill_found"), (rounds.SETTLED, "fill_settled"),
        ):  # fmt: skip
            cursor.execute(sql, given)
            cursor.execute(f"ANALYZE {table}")
        rows.insert(cursor, Point, rounds.POINT_COLUMNS, rounds.INSERT_POINTS, given)
        rows.insert(cursor, Answer, rounds.ANSWER_COLUMNS, rounds.INSERT_ANSWERS, given)


def after(plan: Plan) -> None:
    """Findings with their orders and hazards, the register, what is kept about equipment, and everybody's history."""
    with connection.cursor() as cursor:
        given = _given(plan, cursor)
        cursor.execute("ANALYZE workorders_workorder")
        for sql in (
            hazards.DRAW,
            plant.READINGS,
            plant.DUTIES,
            plant.DOWNTIMES,
            plant.BROKEN,
            plant.GIVEN_UP,
            "DELETE FROM assets_assetstate",  # what the database wrote while the register was laid down
            rounds.SETTLE,
            hazards.COUNTERS,
        ):
            cursor.execute(sql, given)
        kept: tuple[tuple[type[models.Model], str, str], ...] = (
            (Hazard, hazards.COLUMNS, hazards.ROWS),
            (Finding, round_events.FINDING_COLUMNS, round_events.FINDINGS),
            (Attachment, round_events.PHOTO_COLUMNS, round_events.PHOTOS),
            (Attachment, round_events.PHOTO_COLUMNS, hazards.PHOTOS),
            (Meter, plant.METER_COLUMNS, plant.METER_ROWS),
            (Reading, plant.READING_COLUMNS, plant.READING_ROWS),
            (AssetDuty, plant.DUTY_COLUMNS, plant.DUTY_ROWS),
            (Downtime, plant.DOWNTIME_COLUMNS, plant.DOWNTIME_ROWS),
            (AssetState, plant.STATE_COLUMNS, plant.STATES),
            (DutyTerm, plant.TERM_COLUMNS, plant.TERMS),
            (Event, round_events.COLUMNS, round_events.told("inspections.round", round_events.EVENTS)),
            (Event, round_events.COLUMNS, round_events.told("inspections.answer", (round_events.ATTACHED,))),
            (Event, round_events.COLUMNS, round_events.told("hazards.hazard", hazards.EVENTS)),
            (
                Event,
                round_events.COLUMNS,
                round_events.told("assets.asset", (plant.DUTY_EVENT, plant.GAVE_UP, *plant.BREAKS)),
            ),
        )
        for model, columns, sql in kept:
            rows.insert(cursor, model, columns, sql, given)
        for model in (Point, Answer, Finding, Hazard, Meter, AssetDuty):
            cursor.execute(rows.FRESH_KEYS.format(table=model._meta.db_table))


def _given(plan: Plan, cursor: Any) -> dict[str, Any]:
    """What the statements are told; each table's keys go on from where its counter stands."""
    today = timezone.localdate(plan.until)
    given: dict[str, Any] = {
        "until": plan.until, "since": plan.since, "zone": settings.TIME_ZONE, "today": today, "years": plan.years,
        "parts": plan.shares(), "a_year": hazards.A_YEAR, "hours_of": list(plant.HOURS_OF), "special": list(plant.SPECIAL),
        "fire": list(plant.FIRE), "gauged": list(plant.GAUGED),         "shares": list(accumulate(plan.shares()))[:-1],
    }  # fmt: skip
    for name, model in (("point", Point), ("answer", Answer), ("finding", Finding), ("hazard", Hazard), ("meter", Meter),
                        ("duty", AssetDuty)):  # fmt: skip
        cursor.execute("SELECT last_value FROM " + rows.counter_of(cursor, model))
        given[f"{name}_base"] = cursor.fetchone()[0]
    return given


def _photos(cursor: Any) -> None:
    """A few pictures in the store, that all photos show."""
    cursor.execute(
        "CREATE TEMPORARY TABLE fill_photo (i int, kind text, name text, content_type text, size int, sha256 text) ON COMMIT DROP"
    )
    kept = []
    for kind, colours in COLOURS.items():
        for i, colour in enumerate(colours):
            image, out = Image.new("RGB", (480, 360), colour), io.BytesIO()
            draw = ImageDraw.Draw(image)
            draw.rectangle((120, 90, 360, 270), outline="white", width=6)
            draw.line(
                (120, 90, 360, 270) if kind == "before" else (150, 180, 220, 240, 330, 120), fill="white", width=6
            )
            image.save(out, "PNG")
            one = store.keep(SimpleUploadedFile(f"{kind}{i}.png", out.getvalue(), "image/png"))
            kept.append((i, kind, one.name, one.content_type, one.size, one.sha256))
    execute_values(cursor.cursor, "INSERT INTO fill_photo VALUES %s", kept)

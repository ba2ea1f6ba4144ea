"""Every figure worked out anew, in plain Python over exported rows. Shares nothing with the product on purpose."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

CHINA = timezone(timedelta(hours=8))
Row = dict[str, Any]


def day(moment: datetime | None) -> Any:
    return moment.astimezone(CHINA).date() if moment else None


def stars(row: Row) -> list[int]:
    return [row[name] for name in ("attitude", "skill", "speed") if row[name] is not None]


def mean(row: Row) -> Decimal:
    given = stars(row)
    return (Decimal(sum(given)) / len(given)).quantize(Decimal("0.0001"), ROUND_HALF_UP)


def seconds(row: Row, until: str) -> int:
    return int((row[until] - row["reported_at"]).total_seconds())


def contributions(row: Row, now: datetime) -> list[tuple[str, Any, Any, Any]]:
    """What one order adds to each figure: (figure, day, numerator, denominator)."""
    found: list[tuple[str, Any, Any, Any]] = []
    imported = row["channel"] == "import"
    found.append(("received", day(row["reported_at"]), 1, None))
    if row["state"] == "waiting":
        found.append((f"waiting_{row['waiting_reason']}", day(row["reported_at"]), 1, None))
    if not imported and row["state"] not in ("cancelled", "waiting") and row["due_at"] <= now:
        good = row["finished_at"] is not None and row["finished_at"] <= row["due_at"] and row["returned"] == 0
        found.append(("on_time", day(row["due_at"]), int(good), 1))
    asked = not imported and row["needs_signature"]
    if asked and (row["signed_at"] or row["state"] == "closed"):
        found.append(("signed", day(row["signed_at"] or row["closed_at"]), int(bool(row["signed_at"])), 1))
    if not imported and row["responded_at"]:
        found.append(("response", day(row["reported_at"]), seconds(row, "responded_at"), 1))
    if row["finished_at"]:
        on = day(row["finished_at"])
        found.append(("done", on, 1, None))
        found.append(("cost", on, row["cost"], 1))
        if not imported:
            found.append(("repair", on, seconds(row, "finished_at") - row["waited_seconds"], 1))
            found.append(("rework", on, int(row["returned"] > 0), 1))
        if asked:
            found.append(("answered", on, int(bool(stars(row))), 1))
        if asked and stars(row):
            found.append(("stars", on, mean(row), 1))
            found.append(("satisfied", on, int(mean(row) >= 4), 1))
    return found


def dimensions(row: Row) -> list[tuple[str, int]]:
    ids = {
        "unit": row["unit_id"], "service": row["service_id"], "team": row["team_id"], "place": row["place_id"],
        "contractor": row["contractor_id"], "person": row["assignee_id"],
    }  # fmt: skip
    return [("", 0), *((kind, ref) for kind, ref in ids.items() if ref)]


def measure(rows: list[Row], now: datetime) -> dict[tuple[Any, ...], tuple[Decimal, Decimal | None]]:
    """(hospital, figure, day, department, kind, ref) → (numerator, denominator)."""
    sums: dict[tuple[Any, ...], list[Any]] = defaultdict(lambda: [Decimal(0), None])
    for row in rows:
        for figure, on, numerator, denominator in contributions(row, now):
            for kind, ref in dimensions(row):
                entry = sums[row["hospital_id"], f"workorders.{figure}", on, row["department"], kind, ref]
                entry[0] += Decimal(numerator)
                if denominator is not None:
                    entry[1] = (entry[1] or Decimal(0)) + denominator
    return {key: (value[0], value[1]) for key, value in sums.items()}

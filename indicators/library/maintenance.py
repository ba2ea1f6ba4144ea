"""Indicators of repairs and of keeping buildings and equipment."""

from django.utils.translation import gettext_lazy as _

from indicators.library.declaring import (
    ASSET_VALUE,
    FLOOR_AREA,
    LAW,
    MAINTENANCE_COST,
    PROPOSED,
    SEEN,
    Amount,
    Declaring,
)
from indicators.states import DOWN, UP
from kpi.periods import YEAR

HOURS = _("h")
declare = Declaring("M", _("Maintenance"), _("head of maintenance"), _("logistics manager"))

declare(
    "M1", _("Repair response on time"), _("Requests first answered inside their limit"), _("Requests due"), UP, "C",
    "95", PROPOSED, source="ISO 41001", kpi="workorders.response_on_time",
)  # fmt: skip
declare(
    "M2", _("Preventive maintenance in its window"), _("Services closed inside their window"), _("Services due"), UP, "P",
    "90", SEEN, source="EN 15341", kpi="inspections.in_window",
    exclusions=_("Approved exclusions: in use, not found."),
    note=_("100 % where lives depend on it."),
)  # fmt: skip
declare(
    "M3", _("Statutory inspections valid"), _("Items with a valid certificate at the end of the period"),
    _("Items that must be inspected by law"), UP, "P", "100", LAW, source="特种设备安全法 第40条", kpi="assets.statutory",
)  # fmt: skip
declare(
    "M4", _("Lifts serviced every 15 days"), _("Intervals between services of at most 15 days"),
    _("Intervals that ended in the period"), UP, "P", "100", LAW, source="特种设备安全监察条例 第31条",
    kpi="maintenance.lift_interval",
)  # fmt: skip
declare(
    "M5", _("Mean time to restore"), Amount(_("Hours from the report of a failure until restored"), HOURS), _("Failures"),
    DOWN, "P", "8", SEEN, unit=HOURS, source="EN 15341", kpi="maintenance.restore",
    note=_("Critical equipment: less than 2 hours."),
)  # fmt: skip
declare(
    "M6", _("Mean time between failures"), Amount(_("Operating hours"), HOURS), _("Failures"), UP, "P", unit=HOURS,
    aim=_("rising"), source="EN 15341", kpi="assets.time_between_failures",
)  # fmt: skip
declare(
    "M7", _("Availability of critical equipment"), Amount(_("Required hours less hours down"), HOURS),
    Amount(_("Required hours"), HOURS), UP, "P", "99", PROPOSED, source="EN 15341", kpi="assets.available",
)  # fmt: skip
declare(
    "M8", _("Repeat failures"), _("Same asset and fault again within 30 days"), _("Completed repairs"), DOWN, "P", "3",
    PROPOSED, kpi="workorders.repeat_30",
)  # fmt: skip
declare(
    "M9", _("Lift rescue within 30 minutes"), _("Trapped calls with arrival within 30 minutes"), _("Trapped calls"), UP,
    "C", "100", LAW, source="杭州市电梯安全管理条例 第30条",
)  # fmt: skip
declare(
    "M10", _("Planned share of work"), Amount(_("Hours of services and inspections"), HOURS),
    Amount(_("All hours of maintenance"), HOURS), UP, "P", "70", PROPOSED, source="EN 15341",
)  # fmt: skip
declare(
    "M11", _("Old backlog"), _("Open orders older than 30 days"), _("Open orders"), DOWN, "P", "5", PROPOSED,
    kpi="workorders.backlog_old",
)  # fmt: skip
declare(
    "M12", _("Maintenance cost ratio"), MAINTENANCE_COST, ASSET_VALUE, DOWN, "F", "4", PROPOSED, period=YEAR,
    source="EN 15341", note=_("Twelve months; medical equipment not counted."),
)  # fmt: skip
declare(
    "M13", _("Maintenance cost per m²"), MAINTENANCE_COST, FLOOR_AREA, DOWN, "F", unit=_("yuan/m²"), period=YEAR,
    aim=_("median of the peer group"), source="EN 15221-7",
)  # fmt: skip
declare(
    "M14", _("Fixed at the first visit"), _("Closed without a second visit or waiting for a part"), _("Closed orders"), UP,
    "P", "80", PROPOSED, kpi="workorders.first_time_fix",
)  # fmt: skip
declare(
    "M15", _("Critical spare parts at hand"),
    Amount(_("Line-days of critical spare parts at or above the minimum"), _("line-days")),
    Amount(_("Line-days of critical spare parts"), _("line-days")), UP, "P", "98", PROPOSED, owner=_("head of the store"),
)  # fmt: skip
CHAPTER = declare.chapter

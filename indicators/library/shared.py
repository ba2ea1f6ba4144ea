"""Indicators of transport, energy, requests, people, money and of the assessment itself."""

from django.utils.translation import gettext_lazy as _

from indicators.library.declaring import (
    BED_DAYS,
    FLOOR_AREA,
    GAS_COST,
    INCOME,
    POWER_COST,
    PROPOSED,
    WATER,
    WATER_COST,
    Amount,
    Declaring,
)
from indicators.states import DOWN, UP, WATCH
from kpi.periods import QUARTER, YEAR

YUAN, PEER_MEDIAN, FALLING = _("yuan"), _("median of the peer group"), _("falling")
ENERGY_RULES = "公共机构节能条例 第{}条"
ENERGY, TRANSPORT, TRAINING = _("energy manager"), _("head of transport"), _("training officer")
FINANCE, OFFICE = _("finance department"), _("office of the consortium")
DESK = _("head of the service desk")
declare = Declaring("U", _("Transport, energy, shared"), _("logistics manager"), OFFICE)

declare(
    "R1", _("Transport on time"), _("Jobs of porters done in their window"), _("Jobs of porters"), UP, "C", "95", PROPOSED,
    owner=TRANSPORT, note=_("Urgent ones 98 %."),
)  # fmt: skip
declare(
    "R2", _("Vehicle use"), Amount(_("Hours vehicles were used"), _("h")), Amount(_("Hours vehicles were available"), _("h")),
    WATCH, "F", aim=_("60 to 85 %"), owner=TRANSPORT,
)  # fmt: skip
declare(
    "E1", _("Energy per 10,000 yuan of income"), (POWER_COST, WATER_COST, GAS_COST), INCOME, DOWN, "F", unit=YUAN,
    factor=10000, aim=FALLING, source="国家三级公立医院绩效考核", owner=ENERGY,
)  # fmt: skip
declare(
    "E2", _("Energy per m²"), Amount(_("Energy used, in coal equivalent"), _("kgce"), "energy_kgce"), FLOOR_AREA, DOWN,
    "F", unit=_("kgce/m²"), period=YEAR, aim=_("local quota"), source=ENERGY_RULES.format("16、17"), owner=ENERGY,
)  # fmt: skip
declare(
    "E3", _("Water per bed-day"), WATER, BED_DAYS, DOWN, "F", unit=_("m³ per bed-day"), aim=PEER_MEDIAN, owner=ENERGY
)
declare(
    "E4", _("Metered share of use"), Amount(_("Use behind a meter of its own"), _("kWh")), Amount(_("Total use"), _("kWh")),
    UP, "P", "90", PROPOSED, source=ENERGY_RULES.format(14), owner=ENERGY,
)  # fmt: skip
declare(
    "U1", _("Satisfied with requests"), _("Answers of four stars or more"), _("Answers to requests"), UP, "C", "90",
    PROPOSED, kpi="workorders.satisfied", owner=DESK, note=_("Read together with the share that answered."),
)  # fmt: skip
declare(
    "U2", _("Answered when asked"), _("Requests with an answer"), _("Requests whose requester was asked"), UP, "C", "30",
    PROPOSED, kpi="workorders.answered", owner=DESK,
)  # fmt: skip
declare(
    "U3", _("Ward survey"), Amount(_("Points of the wards' answers, weighted"), _("points")), _("Wards that answered"), UP,
    "C", "85", PROPOSED, unit=_("points"), period=QUARTER, source="EN 15221-7", owner=DESK,
)  # fmt: skip
declare(
    "U4", _("Complaints per 1,000 bed-days"), _("Justified complaints"), BED_DAYS, DOWN, "C", unit=_("per 1,000"),
    factor=1000, aim=FALLING, owner=DESK,
)  # fmt: skip
declare(
    "U5", _("Complaints answered in time"), _("Complaints answered within five working days"), _("Complaints"), UP, "C",
    "100", PROPOSED, kpi="workorders.complaint_reply", owner=DESK,
)  # fmt: skip
declare(
    "U6", _("Reopened requests"), _("Finished requests that came back"), _("Finished requests"), DOWN, "C", "3", PROPOSED,
    kpi="workorders.rework", owner=DESK,
)  # fmt: skip
declare(
    "L1", _("Training completed"), _("People valid in all courses they need"), _("People of the hospital and of contractors"),
    UP, "L", "95", PROPOSED, source="安全生产法 第28条", owner=TRAINING, note=_("Safety courses 100 %."),
    kpi="people.trained",
)  # fmt: skip
declare(
    "L2", _("Certificates running out unplanned"), _("Certificates ending within 60 days with nothing booked"),
    _("Certificates ending within 60 days"), DOWN, "L", "0", PROPOSED, source="安全生产法 第30条", owner=TRAINING,
)  # fmt: skip
declare(
    "L3", _("Suggestions carried out"), _("Suggestions carried out"), _("Suggestions accepted"), UP, "L", "60", PROPOSED,
)  # fmt: skip
declare(
    "L4", _("Turnover of service staff"), _("People who left"), _("Average number of people"), DOWN, "L", period=YEAR,
    aim=PEER_MEDIAN,
)  # fmt: skip
declare(
    "L5", _("Records with proof"), _("Steps with scan, photo or position"), _("Steps recorded"), UP, "L", "90", PROPOSED,
)  # fmt: skip
declare(
    "F1", _("Logistics cost per bed-day"), Amount(_("Direct cost of logistics"), YUAN, "logistics_cost"), BED_DAYS, DOWN,
    "F", unit=YUAN, aim=PEER_MEDIAN, source="EN 15221-7", owner=FINANCE,
)  # fmt: skip
declare(
    "F2", _("Cost allocated to wards"), Amount(_("Cost with a ward's code"), YUAN),
    Amount(_("Direct cost of logistics"), YUAN, "logistics_cost"), UP, "F", "95", PROPOSED, owner=FINANCE,
)  # fmt: skip
declare(
    "F3", _("Deductions realised"), Amount(_("Deducted at payment"), YUAN), Amount(_("Approved deductions"), YUAN), UP, "F",
    "100", PROPOSED, owner=FINANCE,
)  # fmt: skip
declare(
    "G1", _("Corrective actions closed on time"), _("Actions closed by their date"), _("Actions due"), UP, "P", "95",
    PROPOSED, kpi="assessment.actions_in_time",
)  # fmt: skip
declare(
    "G2", _("Data on time and complete"), _("Data sets complete by the fifth day"), _("Data sets due"), UP, "P", "100",
    PROPOSED, kpi="indicators.returns_in_time",
)  # fmt: skip
declare(
    "G3", _("Appeals upheld"), _("Appeals upheld"), _("Appeals decided"), DOWN, "P", "10", PROPOSED,
    kpi="assessment.appeals_upheld",
)  # fmt: skip
CHAPTER = declare.chapter

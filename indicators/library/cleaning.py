"""Indicators of cleaning, waste and linen."""

from django.utils.translation import gettext_lazy as _

from indicators.library.declaring import BED_DAYS, CLEAN_LINEN, LAW, PROPOSED, SEEN, WARD_WASTE, Amount, Declaring
from indicators.states import DOWN, UP, WATCH
from kpi.periods import YEAR

KG, MINUTES = _("kg"), _("min")
WS512, WASTE_LAW = "WS/T 512-2025", "医疗废物管理条例 第{}条"
WASTE, LINEN = _("head of waste"), _("head of linen")
declare = Declaring("H", _("Cleaning, waste, linen"), _("head of cleaning"), _("infection control"))

declare(
    "H1", _("Planned cleaning done"), _("Area tasks done in their window"), _("Area tasks planned"), UP, "P", "98",
    PROPOSED, source=WS512, note=_("High risk 100 %, medium 98 %, low 95 %."), kpi="cleaning.planned",
)  # fmt: skip
declare(
    "H2", _("Cleaning quality"), Amount(_("Points reached in audits"), _("points")),
    Amount(_("Points possible in audits"), _("points")), UP, "P", "90", PROPOSED, source="DB3502/T 119",
    kpi="cleaning.quality",
)  # fmt: skip
declare(
    "H3", _("Surface tests passed"), _("Samples inside the limit"), _("Samples taken"), UP, "P", "95", PROPOSED,
    source=WS512,
)  # fmt: skip
declare("H4", _("Audit coverage"), _("Areas audited"), _("Areas due for audit"), UP, "P", "100", PROPOSED)
declare(
    "H5", _("Bed cleaning begun"), Amount(_("Minutes from request to the start of cleaning"), MINUTES), _("Beds cleaned"),
    DOWN, "C", "30", SEEN, unit=MINUTES, kpi="cleaning.bed_response",
)  # fmt: skip
declare(
    "H6", _("Bed turn time"), Amount(_("Minutes from discharge until the bed is ready"), MINUTES),
    Amount(_("Beds made ready")), DOWN, "C", "60", SEEN, unit=MINUTES, kpi="cleaning.bed_turn",
)  # fmt: skip
declare(
    "H7", _("Terminal cleaning complete"), _("Isolation discharges with a full terminal checklist"),
    _("Isolation discharges"), UP, "P", "100", PROPOSED, source=WS512,
)  # fmt: skip
declare(
    "H8", _("Disinfectant concentration"), _("Readings inside the range"), _("Readings of disinfectant"), UP, "P", "100",
    PROPOSED, source="WS/T 367", kpi="cleaning.disinfectant",
)  # fmt: skip
declare(
    "W1", _("Medical waste per bed-day"), WARD_WASTE, BED_DAYS, WATCH, "P", unit=_("kg per bed-day"),
    aim=_("0.5 to 0.8, seen in Nanjing"), owner=WASTE,
)  # fmt: skip
declare(
    "W2", _("Waste stored two days at most"), _("Bags handed over within 48 hours"), _("Bags handed over"), UP, "P", "100",
    LAW, source=WASTE_LAW.format(17), owner=WASTE,
)  # fmt: skip
declare(
    "W3", _("Waste collector on time"), _("Collections at most two days after the one before"), _("Collections"), UP, "P",
    "100", LAW, source=WASTE_LAW.format(25), owner=WASTE,
)  # fmt: skip
declare(
    "W4", _("Weight lost between ward and collector"),
    Amount(_("Difference between weight on the wards and handed over"), KG), WARD_WASTE, DOWN, "P", "2", PROPOSED,
    source=WASTE_LAW.format(12), owner=WASTE,
)  # fmt: skip
declare(
    "W5", _("Waste hand-over records complete"), _("Records with all seven fields and two signatures"),
    _("Hand-over records"), UP, "P", "100", LAW, source=WASTE_LAW.format(12), owner=WASTE,
)  # fmt: skip
declare(
    "W6", _("Sorting faults"), _("Faulty bags found"), _("Bags checked"), DOWN, "P", "1", PROPOSED,
    source=WASTE_LAW.format(16), owner=WASTE,
)  # fmt: skip
declare(
    "T1", _("Linen delivered in full and on time"), _("Ward deliveries in full and on time"), _("Ward deliveries"), UP,
    "C", "98", PROPOSED, owner=LINEN,
)  # fmt: skip
declare(
    "T2", _("Linen rewashed"), Amount(_("Linen washed again"), KG), Amount(_("Linen washed"), KG), DOWN, "P", "3",
    PROPOSED, owner=LINEN,
)  # fmt: skip
declare(
    "T3", _("Linen lost"), _("Pieces issued, neither returned nor condemned"), _("Average pieces in circulation"), DOWN,
    "F", "10", PROPOSED, period=YEAR, owner=LINEN,
)  # fmt: skip
declare(
    "T4", _("Linen per bed-day"), CLEAN_LINEN, BED_DAYS, WATCH, "F", unit=_("kg per bed-day"),
    aim=_("7.0 kg on average in the United States"), owner=LINEN,
)  # fmt: skip
declare(
    "T5", _("Weight of soiled over clean linen"), Amount(_("Soiled linen less clean linen"), KG), CLEAN_LINEN, WATCH, "P",
    aim=_("9 to 12 %"), owner=LINEN,
)  # fmt: skip
declare(
    "T6", _("Linen tests passed"), _("Linen samples passed"), _("Linen samples tested"), UP, "P", "100", PROPOSED,
    source="WS/T 508-2025", owner=LINEN,
)  # fmt: skip
CHAPTER = declare.chapter

"""Indicators of purchasing, stock and contracts."""

from django.utils.translation import gettext_lazy as _

from indicators.library.declaring import AVERAGE_STOCK, LAW, PROPOSED, PURCHASES, SEEN, STOCK_LINES, Amount, Declaring
from indicators.states import DOWN, UP, WATCH
from kpi.periods import YEAR

YUAN, DAYS, HOURS, LINE_DAYS = _("yuan"), _("days"), _("h"), _("line-days")
PURCHASE_LAW = "政府采购法"
STORE, CONTRACTS = _("head of the store"), _("contract manager")
declare = Declaring("B", _("Procurement, stock, contracts"), _("head of procurement"), _("finance department"))

declare(
    "B1", _("Plan execution"), Amount(_("Purchases inside the approved plan"), YUAN), PURCHASES, UP, "F", "90", PROPOSED,
    source=PURCHASE_LAW,
)  # fmt: skip
declare(
    "B2", _("Budget used"), Amount(_("Committed and spent"), YUAN), Amount(_("Budget"), YUAN), WATCH, "F",
    aim=_("within 10 points of the time elapsed"),
)  # fmt: skip
declare(
    "B3", _("Requisition to order"), Amount(_("Working days from approval to the order"), DAYS), _("Purchase orders"),
    DOWN, "P", "10", PROPOSED, unit=DAYS, note=_("The mean; 30 days where a tender is needed."),
)  # fmt: skip
declare(
    "B4", _("Perfect order lines"), _("Lines on time, in full, undamaged, with the right papers"), _("Order lines due"),
    UP, "P", "98", SEEN,
)  # fmt: skip
declare(
    "B5", _("Competition"), Amount(_("Purchases with three valid quotations or more"), YUAN),
    Amount(_("Purchases that need three quotations"), YUAN), UP, "P", "100", PROPOSED, source=PURCHASE_LAW,
)  # fmt: skip
declare(
    "B6", _("Saved against reference prices"), Amount(_("Reference price less price paid, times quantity"), YUAN),
    Amount(_("Purchases at reference prices"), YUAN), UP, "F", "5", PROPOSED,
)  # fmt: skip
declare(
    "B7", _("Emergency purchases"), Amount(_("Purchases made as urgent"), YUAN), PURCHASES, DOWN, "F", "3", PROPOSED
)
declare(
    "B8", _("Contracts signed and filed in time"), _("Contracts signed within 30 days of award and filed within 7 working days"),
    _("Contracts awarded"), UP, "P", "100", LAW, source=PURCHASE_LAW + " 第46、47条", owner=CONTRACTS,
)  # fmt: skip
declare(
    "B9", _("Accepted before payment"), _("Paid receipts that another person had accepted"), _("Paid receipts"), UP, "P",
    "100", LAW, source=PURCHASE_LAW + " 第41条",
)  # fmt: skip
declare(
    "B10", _("Stock accuracy"), _("Lines whose first count agrees with the books"), _("Lines counted"), UP, "P", "98",
    PROPOSED, source="行政事业性国有资产管理条例 第34条", owner=STORE,
)  # fmt: skip
declare(
    "B11", _("Out of stock"), Amount(_("Line-days at zero"), LINE_DAYS), Amount(_("Line-days of stocked items"), LINE_DAYS),
    DOWN, "C", "1", PROPOSED, owner=STORE,
)  # fmt: skip
declare(
    "B12", _("Stock turnover"), Amount(_("Value of issues"), YUAN), AVERAGE_STOCK, UP, "F", "12", PROPOSED,
    unit=_("times"), period=YEAR, owner=STORE,
)  # fmt: skip
declare(
    "B13", _("Expired or written off"), Amount(_("Value expired or written off"), YUAN), AVERAGE_STOCK, DOWN, "F", "0.5",
    PROPOSED, period=YEAR, owner=STORE,
)  # fmt: skip
declare(
    "B14", _("Count coverage"), _("Lines counted within twelve months"), STOCK_LINES, UP, "P", "100", PROPOSED,
    period=YEAR, source="行政事业性国有资产管理条例 第34条", owner=STORE,
)  # fmt: skip
declare(
    "B15", _("Bought together by the consortium"), Amount(_("Purchases on joint contracts"), YUAN),
    Amount(_("Purchases of goods that could be bought jointly"), YUAN), UP, "F", "60", PROPOSED,
    supervisor=_("office of the consortium"),
)  # fmt: skip
declare(
    "B16", _("Contracts ending without a successor"), _("Contracts ending within 90 days with no renewal begun"),
    _("Contracts ending within 90 days"), DOWN, "P", "0", PROPOSED, owner=CONTRACTS,
)  # fmt: skip
declare(
    "K1", _("Contractors' score"), Amount(_("Scores of contractors, summed"), _("points")), _("Contractors scored"), UP,
    "P", "85", PROPOSED, unit=_("points"), owner=CONTRACTS, supervisor=_("logistics manager"), minimum=1,
    note=_("Weighted scores of the clauses less deductions plus bonus, 0 to 100; below 70 a warning, twice talks about the end."),
)  # fmt: skip
declare(
    "K2", _("Contractors' staff present"), Amount(_("Hours of qualified people present"), HOURS),
    Amount(_("Hours contracted"), HOURS), UP, "P", "98", PROPOSED, owner=CONTRACTS, supervisor=_("logistics manager"),
)  # fmt: skip
CHAPTER = declare.chapter

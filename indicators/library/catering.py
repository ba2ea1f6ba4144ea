"""Indicators of the kitchens."""

from django.utils.translation import gettext_lazy as _

from indicators.library.declaring import LAW, PROPOSED, Amount, Declaring
from indicators.states import DOWN, UP

YUAN = _("yuan")
FOOD_LAW = "食品安全法 第{}条"
declare = Declaring("C", _("Catering"), _("head of catering"), _("food safety officer"))

declare(
    "C1", _("Diet orders right"), _("Trays that match diet, allergy and texture"), _("Trays checked"), UP, "C", "99",
    PROPOSED, note=_("No mistake with an allergy at all."),
)  # fmt: skip
declare("C2", _("Meals on time"), _("Meals delivered in their window"), _("Meals delivered"), UP, "C", "98", PROPOSED)
declare(
    "C3", _("Serving temperature"), _("Temperatures inside the range"), _("Temperatures read"), UP, "P", "98", PROPOSED,
    kpi="catering.temperature",
)  # fmt: skip
declare(
    "C4", _("Food samples kept"), _("Dishes with 125 g kept for 48 hours or more"), _("Dishes served"), UP, "P", "100",
    LAW, source="GB 31654", kpi="catering.samples",
)  # fmt: skip
declare(
    "C5", _("Valid health certificates"), Amount(_("Food handlers on shift with a valid certificate"), _("person-shifts")),
    Amount(_("Food handlers on shift"), _("person-shifts")), UP, "L", "100", LAW, source=FOOD_LAW.format(45),
    kpi="catering.health_certificates",
)  # fmt: skip
declare(
    "C6", _("Goods-in checks complete"), _("Deliveries with papers and temperature"), _("Deliveries"), UP, "P", "100", LAW,
    source=FOOD_LAW.format(53),
)  # fmt: skip
declare(
    "C7", _("Food waste"), Amount(_("Waste of kitchen and plates"), _("g")), Amount(_("Meals served"), "", "meals_served"),
    DOWN, "F", unit=_("g per meal"), aim=_("5 % less each year"), source="反食品浪费法 第8条",
)  # fmt: skip
declare(
    "C8", _("Cost per meal-day"), Amount(_("Food, labour and energy of patients' meals"), YUAN), _("Patients' meal-days"),
    DOWN, "F", unit=YUAN, aim=_("median of the peer group"),
)  # fmt: skip
declare(
    "C9", _("Satisfaction with meals"), _("Answers of four or five of five"), _("Answers about meals"), UP, "C", "85",
    PROPOSED,
)  # fmt: skip
declare(
    "C10", _("Staff meals settled"), Amount(_("Difference between cards and ledger"), YUAN),
    Amount(_("Sum of the cards"), YUAN), DOWN, "F", "0", PROPOSED,
)  # fmt: skip
declare(
    "C11", _("Food safety findings closed in time"), _("Findings closed by their date"), _("Findings due"), UP, "P", "100",
    PROPOSED, source=FOOD_LAW.format(47),
)  # fmt: skip
CHAPTER = declare.chapter

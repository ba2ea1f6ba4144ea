"""The five standards of the consortium's regulation (S4), and those that follow from it."""

from django.utils.translation import gettext_lazy as _

from indicators.library.declaring import (
    GAS,
    GAS_COST,
    POWER,
    POWER_COST,
    PROPOSED,
    STANDARD,
    WATER,
    WATER_COST,
    Amount,
    Declaring,
)
from indicators.states import DOWN, UP, WATCH
from kpi.periods import YEAR

S4 = "S4"
declare = Declaring("Z", _("Standards of the regulation"), _("head of equipment"), _("logistics manager"))

declare(
    "Z1", _("Intact rate of equipment"), Amount(_("Machine-days intact"), _("machine-days")),
    Amount(_("Machine-days registered"), _("machine-days")), UP, "P", "98", STANDARD, source=S4, kpi="assets.intact_days",
    exclusions=_("Sealed and condemned equipment."),
    note=_("A day is not intact if at 24:00 a fault stops the function or a legal inspection has run out."),
)  # fmt: skip
declare(
    "Z2", _("Repaired on time"), _("Repairs finished inside their limit and not returned"),
    _("Repairs whose limit ended"), UP, "P", "95", STANDARD, source=S4, kpi="workorders.on_time",
    exclusions=_("Cancelled and merged orders; time on hold for a coded reason."), owner=_("head of maintenance"),
)  # fmt: skip
declare(
    "Z3", _("Services qualified"), _("Services done in their window and signed as passed"), _("Services due"), UP, "P",
    "90", STANDARD, source=S4, kpi="maintenance.qualified", owner=_("head of maintenance"),
    note=_("Over the services due, not those done: or skipping one would raise the rate."),
)  # fmt: skip
declare(
    "Z4", _("Certified operation"), Amount(_("Person-shifts with a certificate valid that day"), _("person-shifts")),
    Amount(_("Person-shifts in posts that need a certificate"), _("person-shifts")), UP, "L", "100", STANDARD, source=S4,
    kpi="people.certified", owner=_("training officer"),
)  # fmt: skip
declare(
    "Z5", _("Safety accidents"), Amount(_("Accidents of the listed grades"), "", "accidents"), None, DOWN, "P", "0",
    STANDARD, unit="", source=S4, exclusions=_("Theft, disputes and near misses."), owner=_("head of security"),
    kpi="hazards.accidents",
)  # fmt: skip
declare(
    "Z6", _("Files of equipment complete"), _("Assets whose file has every document its class needs"), _("Assets"), UP,
    "P", "100", PROPOSED, source=S4,
)  # fmt: skip
declare(
    "Z7", _("Running records complete"), _("Running sheets complete within 24 hours"), _("Running sheets due"), UP, "P",
    "98", PROPOSED, source=S4,
)  # fmt: skip
declare(
    "Z8", _("Greening rate"), Amount(_("Green area"), _("m²"), "green_area"), Amount(_("Site area"), _("m²"), "site_area"),
    UP, "C", aim=_("local rule"), source=S4, period=YEAR, owner=_("head of the environment team"),
)  # fmt: skip
declare(
    "Z9", _("Records signed"), _("Records signed by the other side"), _("Records that need a signature"), UP, "P", "98",
    PROPOSED, source=S4, kpi="workorders.signed", owner=_("head of the service desk"),
)  # fmt: skip
declare(
    "Z10", _("Outsourced share"), _("Kinds of service that are outsourced"), _("All kinds of service"), WATCH, "F",
    aim=_("mean of 62 hospitals: 52.26 %"), source="S1", period=YEAR, owner=_("contract manager"),
)  # fmt: skip
declare(
    "Z11", _("Ward supply"), _("Lines issued in full on the fixed day"), _("Lines asked for"), UP, "C", "98", PROPOSED,
    source=S4, owner=_("head of the store"),
)  # fmt: skip
declare(
    "Z12", _("Bills for water, power and gas"), (WATER_COST, POWER_COST, GAS_COST), None, WATCH, "F", unit=_("yuan"),
    source=S4, owner=_("energy manager"), beside=(WATER, POWER, GAS),
    note=_(
        "Change of a bill = (quantity now − before) × price before + (price now − before) × quantity now: "
        "two figures, what was used and what it cost."
    ),
)  # fmt: skip
CHAPTER = declare.chapter

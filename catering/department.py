"""Everything catering plugs in: meals asked for out of turn, and what was wrong with one."""

from django.utils.translation import gettext_lazy as _

from catering.checklists import CHECKLISTS
from departments.contract import Department
from hazards.catalogue import HazardDef
from workorders.work_types import ProblemDef, ServiceDef

SERVED = (_("Name, bed and diet compared at the bedside"), _("Hands clean, food covered on the way"))
MEAL = ServiceDef(
    key="catering.meal",
    label=_("Meals"),
    icon="soup",
    urgency="urgent",
    respond=(20, 10, 5),
    complete=(120, 60, 30),
    musts=SERVED,
    question=_("How many meals, for which beds, which diet?"),
    for_patients=True,
    problems=(
        ProblemDef("missing", _("Meal missing"), "soup", "urgent"),
        ProblemDef("wrong", _("Wrong diet or meal"), "alert-triangle", "critical"),
        ProblemDef("extra", _("Extra meal"), "plus"),
        ProblemDef("guest", _("Meals for guests or a meeting"), "users"),
    ),
)
COMPLAINT = ServiceDef(
    key="catering.complaint",
    label=_("Something wrong with the food"),
    icon="thumb-down",
    respond=(30, 15, 10),
    complete=(1440, 240, 60),
    is_safety=True,
    musts=(_("Sample of the meal secured"), _("Answer given to the one who complained")),
    for_patients=True,
    problems=(
        ProblemDef("cold", _("Food cold"), "temperature"),
        ProblemDef("foreign", _("Foreign body in the food"), "alert-triangle", "critical"),
        ProblemDef("taste", _("Does not taste good"), "thumb-down"),
    ),
)
TRAYS = ServiceDef(
    key="catering.trays",
    label=_("Trays and drinking water"),
    icon="tools-kitchen-2",
    musts=(_("Trolley cleaned"),),
    for_patients=True,
    problems=(
        ProblemDef("collect", _("Trays to collect"), "tools-kitchen-2"),
        ProblemDef("water", _("Drinking water empty"), "droplet"),
    ),
)

HAZARDS = (
    HazardDef("catering.food", _("Food spoiled or kept wrongly"), "fridge"),
    HazardDef("catering.kitchen", _("Kitchen gas, oil or knives unsafe"), "tools-kitchen-2", major=True),
)

DEPARTMENT = Department(
    slug="catering",
    label=_("Catering"),
    icon="soup",
    services=(MEAL, COMPLAINT, TRAYS),
    checklists=CHECKLISTS,
    hazards=HAZARDS,
)

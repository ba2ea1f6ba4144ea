"""Everything security plugs in: help on call, keys and doors, parking, fire equipment."""

from django.utils.translation import gettext_lazy as _

from departments.contract import Department
from hazards.catalogue import HazardDef
from security.checklists import CHECKLISTS
from security.kpis import FIGURES
from workorders.work_types import ProblemDef, ServiceDef

GUARDED = (_("Situation on arrival written down"), _("Ward informed of the outcome"))
HELP = ServiceDef(
    key="security.help",
    label=_("Security help"),
    icon="shield",
    urgency="urgent",
    respond=(10, 5, 3),
    complete=(120, 60, 30),
    is_safety=True,
    musts=GUARDED,
    for_patients=True,
    problems=(
        ProblemDef("violence", _("Threat or violence"), "hand-stop", "critical"),
        ProblemDef("dispute", _("Dispute in the ward"), "users", "urgent"),
        ProblemDef("theft", _("Something stolen"), "user-exclamation", "urgent"),
        ProblemDef("missing", _("Patient missing"), "walk", "critical"),
    ),
)
KEYS = ServiceDef(
    key="security.keys",
    label=_("Keys and access"),
    icon="key",
    respond=(30, 15, 5),
    complete=(240, 60, 20),
    musts=GUARDED,
    problems=(
        ProblemDef("open", _("Please open a door"), "door-enter"),
        ProblemDef("card", _("Access card does not work"), "id-badge"),
        ProblemDef("lost", _("Lost and found"), "search"),
    ),
)
TRAFFIC = ServiceDef(
    key="security.traffic",
    label=_("Parking and vehicles"),
    icon="parking",
    musts=GUARDED,
    problems=(
        ProblemDef("blocked", _("Ambulance way blocked"), "ambulance", "critical"),
        ProblemDef("parking", _("Parking trouble"), "parking"),
    ),
)
FIRE = ServiceDef(
    key="security.fire",
    label=_("Fire equipment"),
    icon="fire-extinguisher",
    urgency="urgent",
    respond=(30, 15, 3),
    complete=(480, 120, 30),
    is_safety=True,
    musts=GUARDED,
    problems=(
        ProblemDef("extinguisher", _("Extinguisher missing or empty"), "fire-extinguisher", "urgent"),
        ProblemDef("exit", _("Escape route blocked"), "door", "urgent"),
        ProblemDef("smoke", _("Smell of burning"), "flame", "critical"),
    ),
)

HAZARDS = (
    HazardDef("security.exit", _("Escape route blocked or locked"), "door", major=True),
    HazardDef("security.fire", _("Fire equipment missing, empty or out of date"), "fire-extinguisher"),
    HazardDef("security.flame", _("Open fire, smoking, charging indoors"), "flame", major=True),
    HazardDef("security.entry", _("Door or window not secured"), "lock-open"),
)

DEPARTMENT = Department(
    slug="security",
    label=_("Security"),
    icon="shield",
    services=(HELP, KEYS, TRAFFIC, FIRE),
    checklists=CHECKLISTS,
    kpis=FIGURES,
    hazards=HAZARDS,
)

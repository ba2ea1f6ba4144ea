"""Everything maintenance plugs in: what it repairs, within which time, and the pictures wards choose from."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from assets.permissions import ASSET_CHANGE, ASSET_VIEW
from departments.contract import Department
from hazards.catalogue import HazardDef
from maintenance.checklists import CHECKLISTS
from maintenance.kpis import FIGURES
from tenancy.permissions import PLACE_VIEW, UNIT_VIEW
from tenancy.roles import RoleDef
from workorders.work_types import ProblemDef, ServiceDef

PLANT = ("building", "other")

WATER = ServiceDef(
    key="maintenance.water",
    label=_("Water and drains"),
    icon="droplet",
    respond=(60, 20, 10),
    complete=(1440, 240, 60),
    for_patients=True,
    repairs=PLANT,
    problems=(
        ProblemDef("tap", _("Tap drips"), "droplet"),
        ProblemDef("blocked", _("Drain blocked"), "droplets", "urgent"),
        ProblemDef("toilet", _("Toilet broken"), "bath"),
        ProblemDef("no_water", _("No water"), "bucket", "urgent"),
        ProblemDef("burst", _("Pipe burst"), "alarm", "critical"),
    ),
)
POWER = ServiceDef(
    key="maintenance.power",
    label=_("Electricity and lighting"),
    icon="bolt",
    respond=(60, 20, 10),
    complete=(1440, 240, 60),
    is_safety=True,
    points=Decimal("1.2"),
    for_patients=True,
    repairs=PLANT,
    problems=(
        ProblemDef("light", _("Light out"), "bulb"),
        ProblemDef("socket", _("Socket dead"), "plug", "urgent"),
        ProblemDef("call_bell", _("Call bell broken"), "bell", "urgent"),
        ProblemDef("outage", _("Power cut"), "bolt", "critical"),
    ),
)
CLIMATE = ServiceDef(
    key="maintenance.climate",
    label=_("Air conditioning and heating"),
    icon="snowflake",
    for_patients=True,
    repairs=PLANT,
    problems=(
        ProblemDef("not_cold", _("Does not cool"), "snowflake"),
        ProblemDef("not_warm", _("Does not heat"), "temperature"),
        ProblemDef("drips", _("Air conditioner drips"), "air-conditioning"),
    ),
)
JOINERY = ServiceDef(
    key="maintenance.joinery",
    label=_("Doors, windows, furniture"),
    icon="door",
    for_patients=True,
    repairs=PLANT,
    problems=(
        ProblemDef("lock", _("Lock broken"), "lock"),
        ProblemDef("door", _("Door does not close"), "door"),
        ProblemDef("window", _("Window broken"), "window"),
        ProblemDef("bed", _("Bed broken"), "bed", "urgent"),
        ProblemDef("furniture", _("Chair or cabinet broken"), "armchair"),
    ),
)
LIFT = ServiceDef(
    key="maintenance.lift",
    label=_("Lifts"),
    icon="elevator",
    urgency="urgent",
    respond=(30, 15, 5),
    complete=(480, 120, 30),
    is_safety=True,
    points=Decimal(2),
    for_patients=True,
    repairs=PLANT,
    problems=(
        ProblemDef("stopped", _("Lift does not run"), "elevator", "urgent"),
        ProblemDef("trapped", _("Somebody trapped in the lift"), "user-exclamation", "critical"),
    ),
)
GAS = ServiceDef(
    key="maintenance.gas",
    label=_("Medical gas"),
    icon="cylinder",
    urgency="urgent",
    respond=(15, 10, 5),
    complete=(240, 60, 30),
    is_safety=True,
    points=Decimal(2),
    repairs=PLANT,
    problems=(
        ProblemDef("terminal", _("Oxygen outlet leaks"), "cylinder", "urgent"),
        ProblemDef("pressure", _("Gas pressure too low"), "gauge", "critical"),
    ),
)
NETWORK = ServiceDef(
    key="maintenance.network",
    label=_("Telephone, network, television"),
    icon="wifi",
    for_patients=True,
    repairs=PLANT,
    problems=(
        ProblemDef("phone", _("Telephone dead"), "phone"),
        ProblemDef("network", _("No network"), "wifi-off", "urgent"),
        ProblemDef("tv", _("Television broken"), "device-tv"),
    ),
)
DEVICE = ServiceDef(
    key="maintenance.device",
    label=_("Medical devices"),
    icon="stethoscope",
    urgency="urgent",
    respond=(60, 20, 10),
    complete=(2880, 480, 120),
    is_safety=True,
    points=Decimal("1.5"),
    question=_("What does the device show?"),
    repairs=("medical",),
    problems=(
        ProblemDef("monitor", _("Monitor faulty"), "heartbeat", "urgent"),
        ProblemDef("pump", _("Infusion pump faulty"), "vaccine", "urgent"),
        ProblemDef("device", _("Other device faulty"), "stethoscope"),
    ),
)
OTHER = ServiceDef(
    key="maintenance.other",
    label=_("Other repair"),
    icon="tool",
    question=_("What is wrong?"),
    repairs=("building", "medical", "other"),
)

# The register belongs to no department, so a grant narrowed to one does not reach it: whoever keeps it holds this role
# beside their own, for the whole hospital or for the places and units they keep it for.
KEEPER = RoleDef(
    "asset_keeper",
    _("Keeper of the asset register"),
    frozenset({ASSET_VIEW, ASSET_CHANGE, PLACE_VIEW, UNIT_VIEW}),
)

HAZARDS = (
    HazardDef("maintenance.electric", _("Bare wire, overloaded or burnt socket"), "bolt", major=True),
    HazardDef("maintenance.gas", _("Smell of gas, oxygen leak"), "cylinder", major=True),
    HazardDef("maintenance.falling", _("Something may fall down"), "window"),
    HazardDef("maintenance.stairs", _("Step, handrail or floor broken"), "stairs"),
    HazardDef("maintenance.lift", _("Lift or special equipment unsafe"), "elevator", major=True),
)

DEPARTMENT = Department(
    slug="maintenance",
    label=_("Maintenance"),
    icon="tools",
    services=(WATER, POWER, CLIMATE, JOINERY, LIFT, GAS, NETWORK, DEVICE, OTHER),
    checklists=CHECKLISTS,
    kpis=FIGURES,
    roles=(KEEPER,),
    hazards=HAZARDS,
)

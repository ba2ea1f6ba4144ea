"""Everything cleaning plugs in: cleaning on call, disinfection, waste, linen, pests."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from cleaning.checklists import CHECKLISTS
from cleaning.kpis import FIGURES
from departments.contract import Department
from hazards.catalogue import HazardDef
from workorders.work_types import ProblemDef, ServiceDef

CLEANED = (
    _("Area cleaned and dry, warning sign put up and taken away"),
    _("Hands, gloves and cloths changed between rooms"),
)
ON_CALL = ServiceDef(
    key="cleaning.on_call",
    label=_("Cleaning on call"),
    icon="spray",
    respond=(20, 10, 5),
    complete=(120, 45, 20),
    points=Decimal("0.5"),
    musts=CLEANED,
    for_patients=True,
    problems=(
        ProblemDef("spill", _("Something spilled"), "bucket-droplet", "urgent"),
        ProblemDef("blood", _("Blood or body fluid"), "biohazard", "critical"),
        ProblemDef("dirty", _("Room or toilet dirty"), "spray"),
        ProblemDef("glass", _("Broken glass"), "alert-triangle", "urgent"),
    ),
)
TERMINAL = ServiceDef(
    key="cleaning.terminal",
    label=_("Terminal cleaning"),
    icon="virus",
    urgency="urgent",
    respond=(30, 15, 10),
    complete=(120, 60, 45),
    is_safety=True,
    points=Decimal("1.5"),
    musts=(*CLEANED, _("Agent, concentration and contact time written down")),
    question=_("Which bed? Isolation or ordinary?"),
    problems=(
        ProblemDef("bed", _("Bed after discharge"), "bed", "urgent"),
        ProblemDef("isolation", _("Isolation room"), "virus", "urgent"),
    ),
)
WASTE = ServiceDef(
    key="cleaning.waste",
    label=_("Waste"),
    icon="trash",
    respond=(60, 20, 10),
    complete=(240, 60, 30),
    musts=(_("Bags closed, weighed and labelled"),),
    problems=(
        ProblemDef("medical", _("Medical waste full"), "biohazard", "urgent"),
        ProblemDef("household", _("Household waste full"), "trash"),
        ProblemDef("sharps", _("Sharps box full"), "vaccine", "urgent"),
    ),
)
LINEN = ServiceDef(
    key="cleaning.linen",
    label=_("Linen"),
    icon="hanger",
    complete=(480, 120, 60),
    musts=(_("Pieces counted with the ward"),),
    question=_("What, and how many pieces?"),
    problems=(
        ProblemDef("clean", _("Clean linen needed"), "hanger"),
        ProblemDef("dirty", _("Dirty linen to collect"), "wash"),
    ),
)
PEST = ServiceDef(
    key="cleaning.pest",
    label=_("Pests"),
    icon="bug",
    musts=(_("Agent and places written down"),),
    problems=(ProblemDef("insects", _("Insects or mice"), "bug"),),
)

HAZARDS = (
    HazardDef("cleaning.floor", _("Slippery floor"), "droplets"),
    HazardDef("cleaning.waste", _("Medical waste or sharps lying about"), "biohazard"),
    HazardDef("cleaning.chemicals", _("Chemicals not locked away or not labelled"), "test-pipe"),
)

DEPARTMENT = Department(
    slug="cleaning",
    label=_("Cleaning"),
    icon="spray",
    services=(ON_CALL, TERMINAL, WASTE, LINEN, PEST),
    checklists=CHECKLISTS,
    kpis=FIGURES,
    hazards=HAZARDS,
)

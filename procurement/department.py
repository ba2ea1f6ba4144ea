"""Everything procurement plugs in: goods asked for, delivered to the ward, exchanged and taken back."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from departments.contract import Department
from workorders.work_types import ProblemDef, ServiceDef

COUNTED = (_("Counted with the ward"), _("Delivery note signed"))
SUPPLY = ServiceDef(
    key="procurement.supply",
    label=_("Goods for the ward"),
    icon="package",
    respond=(240, 60, 20),
    complete=(2880, 480, 120),
    musts=COUNTED,
    question=_("What, and how much?"),
    problems=(
        ProblemDef("office", _("Office goods"), "clipboard"),
        ProblemDef("sanitary", _("Sanitary goods"), "package"),
        ProblemDef("urgent", _("Needed at once"), "alarm", "urgent"),
    ),
)
EXCHANGE = ServiceDef(
    key="procurement.exchange",
    label=_("Old for new"),
    icon="refresh",
    respond=(240, 60, 20),
    musts=COUNTED,
    question=_("What is to be exchanged?"),
    problems=(ProblemDef("worn", _("Worn out, please exchange"), "refresh"),),
)
RETURN = ServiceDef(
    key="procurement.return",
    label=_("Take back or move"),
    icon="truck",
    respond=(240, 60, 20),
    points=Decimal("1.2"),
    musts=COUNTED,
    question=_("What, from where to where?"),
    problems=(ProblemDef("move", _("Furniture or device to be moved"), "truck"),),
)

DEPARTMENT = Department(
    slug="procurement", label=_("Procurement and stores"), icon="package", services=(SUPPLY, EXCHANGE, RETURN)
)

"""What catering looks at again and again: the kitchen, the samples, and the firm that runs it."""

from django.utils.translation import gettext_lazy as _

from inspections.catalogue import ChecklistDef, ItemDef, Rhythm
from inspections.states import DANGEROUS, HAZARD, SERIOUS, VALUE

KITCHEN = ChecklistDef(
    key="catering.kitchen",
    label=_("Kitchen check"),
    standard="食品安全法实施条例",
    clause="第28条",
    statutory=True,
    rhythm=Rhythm(step="day", grace=4, opens_before=4, minutes=30),
    items=(
        ItemDef(
            "health",
            _("Health certificates of all on duty valid"),
            section=_("People at work"),
            weight=DANGEROUS,
            on_fail=HAZARD,
            standard="食品安全法",
            clause="第45条",
        ),
        ItemDef(
            "morning",
            _("Morning check: no fever, diarrhoea or wound on the hands"),
            section=_("People at work"),
            weight=DANGEROUS,
        ),
        ItemDef("dress", _("Clean work clothes, cap, hands washed"), section=_("People at work")),
        ItemDef(
            "accept",
            _("Deliveries accepted with papers, nothing out of date"),
            section=_("Food delivered"),
            weight=SERIOUS,
            on_fail=HAZARD,
        ),
        ItemDef(
            "apart",
            _("Raw and cooked apart, boards and knives by colour"),
            section=_("Food delivered"),
            weight=DANGEROUS,
        ),
        ItemDef(
            "cold",
            _("Temperature of the cold store"),
            VALUE,
            section=_("Food delivered"),
            hint=_("Compare with the label of what is stored."),
            unit="°C",
        ),
        ItemDef(
            "dishes",
            _("Dishes disinfected and kept covered"),
            section=_("Kitchen rooms"),
            weight=SERIOUS,
            standard="食品安全法实施条例",
            clause="第28条",
        ),
        ItemDef(
            "samples",
            _("Samples of every dish and meal kept"),
            section=_("Kitchen rooms"),
            weight=SERIOUS,
            standard="GB 31654-2021",
        ),
        ItemDef("clean", _("Floor, hood and drains clean, no trace of pests"), section=_("Kitchen rooms")),
        ItemDef(
            "gas", _("Gas valves and alarm in order"), section=_("Kitchen rooms"), weight=DANGEROUS, on_fail=HAZARD
        ),
    ),
)
SAMPLES = ChecklistDef(
    key="catering.samples",
    label=_("Food samples"),
    standard="GB 31654-2021",
    statutory=True,
    rhythm=Rhythm(step="day", grace=2, opens_before=2, minutes=10),
    items=(
        ItemDef("all", _("A sample of each dish of the meal"), weight=DANGEROUS, on_fail=HAZARD),
        ItemDef("grams", _("Weight of the smallest sample"), VALUE, unit="g", low="125", weight=SERIOUS),
        ItemDef(
            "hours",
            _("Hours that the sample last thrown away had been kept"),
            VALUE,
            hint=_("Only what has been kept that long is thrown away."),
            unit="h",
            low="48",
            weight=SERIOUS,
        ),
        ItemDef("label", _("Label with dish, meal, time and person")),
        ItemDef("fridge", _("Own refrigerator, locked, works"), weight=SERIOUS),
        ItemDef("log", _("Register filled in")),
    ),
)
CONTRACTOR = ChecklistDef(
    key="catering.contractor",
    label=_("Audit of the canteen contractor"),
    standard="食品安全法实施条例",
    clause="第28条",
    assesses=True,
    rhythm=Rhythm(step="month", minutes=90, needs_signature=True),
    items=(
        ItemDef(
            "licence",
            _("Food licence valid and hung up"),
            section=_("Food safety"),
            weight=DANGEROUS,
            on_fail=HAZARD,
            points="10",
        ),
        ItemDef(
            "health",
            _("All health certificates valid"),
            section=_("Food safety"),
            weight=DANGEROUS,
            on_fail=HAZARD,
            points="10",
        ),
        ItemDef(
            "source",
            _("Purchases can be traced to the supplier"),
            section=_("Food safety"),
            weight=SERIOUS,
            points="10",
        ),
        ItemDef(
            "samples",
            _("Samples complete on the day of the audit"),
            section=_("Food safety"),
            weight=SERIOUS,
            points="10",
        ),
        ItemDef("hygiene", _("Kitchen, store and dishes clean"), section=_("Food safety"), weight=SERIOUS, points="15"),
        ItemDef("time", _("Meals on time, at a right temperature"), section=_("Service given"), points="15"),
        ItemDef("diet", _("Diets as ordered"), section=_("Service given"), weight=SERIOUS, points="10"),
        ItemDef("price", _("Prices and weights as agreed"), section=_("Service given"), points="10"),
        ItemDef("complaints", _("Complaints answered"), section=_("Service given"), points="5"),
        ItemDef(
            "waste",
            _("Meals planned by numbers, little waste"),
            section=_("Service given"),
            points="5",
            standard="反食品浪费法",
            clause="第8条",
        ),
    ),
)

CHECKLISTS = (KITCHEN, SAMPLES, CONTRACTOR)

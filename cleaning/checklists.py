"""What cleaning looks at again and again: waste, disinfection, linen, and the firm that cleans."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from inspections.catalogue import ChecklistDef, ItemDef, Rhythm
from inspections.states import CHOICE, DANGEROUS, HAZARD, SERIOUS, TEXT, VALUE

WASTE_STORE = ChecklistDef(
    key="cleaning.waste_store",
    label=_("Store of medical waste"),
    standard="医疗废物管理条例",
    clause="第17条",
    standard_edition="2011 年修订",
    statutory=True,
    rhythm=Rhythm(step="day", grace=4, opens_before=4, minutes=20),
    items=(
        ItemDef(
            "days",
            _("Days that the oldest bag has been stored"),
            VALUE,
            unit="d",
            high="2",
            weight=DANGEROUS,
            on_fail=HAZARD,
            standard="医疗废物管理条例",
            clause="第17条",
        ),
        ItemDef("inside", _("Nothing in the open, store locked, warning sign up"), weight=DANGEROUS, on_fail=HAZARD),
        ItemDef("away", _("Apart from care, food, living areas and household waste"), weight=SERIOUS),
        ItemDef(
            "pests", _("Safe from leaks, rats, mosquitoes, flies, cockroaches, theft and children"), weight=SERIOUS
        ),
        ItemDef(
            "classes",
            _("Infectious, pathological, sharps, pharmaceutical and chemical apart, bags whole and labelled"),
            weight=SERIOUS,
        ),
        ItemDef(
            "register",
            _("Register: source, kind, weight, time, destination, signatures"),
            weight=SERIOUS,
            standard="医疗废物管理条例",
            clause="第12条",
        ),
        ItemDef("carts", _("Carts cleaned and disinfected after use"), standard="医疗废物管理条例", clause="第18条"),
        ItemDef("ppe", _("Protective gear worn and enough")),
    ),
)
DISINFECTION = ChecklistDef(
    key="cleaning.disinfection",
    label=_("Cleaning and disinfection round"),
    standard="WS/T 367",
    to_confirm=True,
    rhythm=Rhythm(step="week", minutes=40),
    items=(
        ItemDef(
            "chlorine",
            _("Available chlorine of the solution for floors and surfaces"),
            VALUE,
            unit="mg/L",
            low="400",
            high="700",
            weight=SERIOUS,
        ),
        ItemDef("minutes", _("Contact time"), VALUE, unit="min", low="30", weight=SERIOUS),
        ItemDef("cloths", _("Cloths and mops by colour and zone, washed after use"), weight=SERIOUS),
        ItemDef("daily", _("High-risk departments disinfected today"), weight=SERIOUS),
        ItemDef("surface", _("Floors, toilets and handles clean")),
        ItemDef("hands", _("Cleaners wash hands, change gloves between rooms")),
        ItemDef("log", _("Dilution written down")),
        ItemDef(
            "zones",
            _("How often each zone is cleaned"),
            TEXT,
            hint=_("To be confirmed by infection control."),
            required=False,
        ),
    ),
)
LINEN = ChecklistDef(
    key="cleaning.linen",
    label=_("Laundry"),
    standard="WS/T 508-2025",
    valid_from=date(2026, 2, 1),
    rhythm=Rhythm(step="week", minutes=30),
    items=(
        ItemDef("hot", _("Temperature of the hot wash"), VALUE, unit="°C", low="70", high="90", weight=SERIOUS),
        ItemDef("a0", _("A0 value of the cycle"), VALUE, low="600", weight=SERIOUS),
        ItemDef("look", _("Clean linen dry, clean, whole, without smell"), weight=SERIOUS),
        ItemDef("apart", _("Clean and dirty ways apart"), weight=SERIOUS),
        ItemDef("carts", _("Carts for clean and dirty linen apart, disinfected")),
        ItemDef("count", _("Pieces counted with the wards")),
    ),
)
CONTRACTOR = ChecklistDef(
    key="cleaning.contractor",
    label=_("Audit of the cleaning contractor"),
    standard="医院后勤服务方案",
    assesses=True,
    rhythm=Rhythm(step="month", minutes=90, needs_signature=True),
    items=(
        ItemDef(
            "posts", _("Posts filled as the contract says"), section=_("People at work"), weight=SERIOUS, points="10"
        ),
        ItemDef("training", _("Trained before work, records kept"), section=_("People at work"), points="10"),
        ItemDef("dress", _("Work clothes and badge"), section=_("People at work"), points="5"),
        ItemDef("wards", _("Wards clean"), section=_("Quality of cleaning"), weight=SERIOUS, points="20"),
        ItemDef("toilets", _("Toilets clean, without smell"), section=_("Quality of cleaning"), points="15"),
        ItemDef("public", _("Halls, lifts, stairs and outside clean"), section=_("Quality of cleaning"), points="10"),
        ItemDef(
            "waste",
            _("Waste sorted and taken away in time"),
            section=_("Quality of cleaning"),
            weight=SERIOUS,
            points="10",
        ),
        ItemDef("calls", _("Calls answered within the time promised"), section=_("Service given"), points="10"),
        ItemDef("complaints", _("Complaints settled"), section=_("Service given"), points="5"),
        ItemDef(
            "rectified",
            _("What the last audit asked for is done"),
            CHOICE,
            section=_("Service given"),
            options=(_("All of it done"), _("Done in part"), _("Nothing done")),
            passing=(_("All of it done"),),
            points="5",
        ),
    ),
)

CHECKLISTS = (WASTE_STORE, DISINFECTION, LINEN, CONTRACTOR)

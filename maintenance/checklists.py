"""What maintenance looks at again and again: its plant, the wards, and what the law asks of lifts and pressure equipment."""

from django.utils.translation import gettext_lazy as _

from inspections.catalogue import ChecklistDef, ItemDef, Rhythm
from inspections.states import DANGEROUS, HAZARD, ORDER, PHOTO, SERIOUS, TEXT, VALUE
from maintenance.plant_checklists import PLANT

WARD_ROUND = ChecklistDef(
    key="maintenance.ward_round",
    label=_("Weekly ward round"),
    standard="医院后勤部工作总结（2022）",
    rhythm=Rhythm(step="week", minutes=30, needs_signature=True),
    items=(
        ItemDef(
            "taps",
            _("Taps, showers and toilets neither drip nor block"),
            section=_("Water and drains"),
            on_fail=ORDER,
            service_key="maintenance.water",
        ),
        ItemDef(
            "drains",
            _("Floor drains run off, no smell"),
            section=_("Water and drains"),
            on_fail=ORDER,
            service_key="maintenance.water",
        ),
        ItemDef(
            "lights",
            _("Lights and emergency lights work"),
            section=_("Wiring and lights"),
            on_fail=ORDER,
            service_key="maintenance.power",
        ),
        ItemDef(
            "sockets",
            _("Sockets and bedhead units firm, not warm"),
            section=_("Wiring and lights"),
            weight=SERIOUS,
            on_fail=ORDER,
            service_key="maintenance.power",
        ),
        ItemDef(
            "bell",
            _("Call bells answer from bed and toilet"),
            section=_("Wiring and lights"),
            weight=SERIOUS,
            on_fail=ORDER,
            service_key="maintenance.power",
        ),
        ItemDef(
            "doors",
            _("Doors, windows and locks close"),
            section=_("Rooms of the ward"),
            on_fail=ORDER,
            service_key="maintenance.joinery",
        ),
        ItemDef(
            "rails",
            _("Handrails, curtains and beds firm"),
            section=_("Rooms of the ward"),
            on_fail=ORDER,
            service_key="maintenance.joinery",
        ),
        ItemDef(
            "gas",
            _("Gas outlets tight, labelled"),
            section=_("Rooms of the ward"),
            weight=DANGEROUS,
            on_fail=ORDER,
            service_key="maintenance.gas",
        ),
        ItemDef("ceiling", _("Ceiling and walls dry and whole"), section=_("Rooms of the ward")),
        ItemDef("wish", _("What the ward would like"), TEXT, section=_("Rooms of the ward"), required=False),
    ),
)
APPLIANCES = ChecklistDef(
    key="maintenance.appliances",
    label=_("Census of high-power appliances"),
    standard="医院后勤部工作总结（2022）",
    rhythm=Rhythm(every=6, step="month", minutes=30),
    items=(
        ItemDef("count", _("High-power appliances found"), VALUE),
        ItemDef("list", _("Kinds and places"), TEXT),
        ItemDef("permit", _("Each is registered and allowed"), weight=SERIOUS, on_fail=HAZARD),
        ItemDef("line", _("Circuit carries the load, no chain of extension leads"), weight=DANGEROUS, on_fail=HAZARD),
        ItemDef("heating", _("Meals are heated at the meal-heating point only"), weight=SERIOUS),
        ItemDef("point", _("Meal-heating point: away from what burns, own circuit, extinguisher near"), weight=SERIOUS),
        ItemDef("charging", _("No battery of a vehicle is charged inside"), weight=DANGEROUS, on_fail=HAZARD),
        ItemDef("photo", _("Photo of what is not allowed"), PHOTO, required=False),
    ),
)
LIFT = ChecklistDef(
    key="maintenance.lift",
    label=_("Lift: fortnightly upkeep"),
    standard="特种设备安全监察条例",
    clause="第31条",
    standard_edition="2009 年修订",
    statutory=True,
    rhythm=Rhythm(every=15, step="day", grace=0, opens_before=72, minutes=60, needs_signature=True),
    kinds=("电梯", "lift", "elevator"),
    items=(
        ItemDef("clean", _("Clean, lit, door locked, temperature normal"), section=_("Machine room")),
        ItemDef(
            "machine",
            _("Traction machine and brake without unusual noise, lubricated"),
            section=_("Machine room"),
            weight=DANGEROUS,
        ),
        ItemDef(
            "governor", _("Speed governor pins lubricated, switch works"), section=_("Machine room"), weight=DANGEROUS
        ),
        ItemDef(
            "alarm",
            _("Alarm and intercom answer"),
            section=_("Car and landings"),
            weight=DANGEROUS,
            on_fail=ORDER,
            service_key="maintenance.lift",
        ),
        ItemDef(
            "doors",
            _("Door protection reverses, doors close fully"),
            section=_("Car and landings"),
            weight=DANGEROUS,
            on_fail=ORDER,
            service_key="maintenance.lift",
        ),
        ItemDef("level", _("Levels at every landing"), section=_("Car and landings"), weight=SERIOUS),
        ItemDef("light", _("Car light, fan and emergency light work"), section=_("Car and landings")),
        ItemDef("notice", _("Certificate of use and safety notice hang in the car"), section=_("Car and landings")),
        ItemDef(
            "ropes",
            _("Ropes, guides and buffers adjusted and lubricated"),
            section=_("Shaft and pit"),
            weight=DANGEROUS,
        ),
        ItemDef("pit", _("Pit dry and clean, stop switch works"), section=_("Shaft and pit"), weight=SERIOUS),
    ),
)
SPECIAL_EQUIPMENT = ChecklistDef(
    key="maintenance.special_equipment",
    label=_("Special equipment: monthly self-check"),
    standard="特种设备安全监察条例",
    clause="第27条",
    standard_edition="2009 年修订",
    statutory=True,
    rhythm=Rhythm(step="month", grace=24, minutes=40),
    kinds=("锅炉", "压力容器", "boiler", "pressure vessel"),
    items=(
        ItemDef("registered", _("Registration mark on the equipment"), weight=SERIOUS),
        ItemDef(
            "valid",
            _("Periodic inspection not run out"),
            weight=DANGEROUS,
            on_fail=HAZARD,
            standard="特种设备安全监察条例",
            clause="第28条",
        ),
        ItemDef(
            "apply",
            _("Next inspection applied for one month before it runs out"),
            weight=SERIOUS,
            standard="特种设备安全监察条例",
            clause="第28条",
        ),
        ItemDef("body", _("Body without crack, bulge or leak"), weight=DANGEROUS, on_fail=HAZARD),
        ItemDef("safety", _("Safety devices whole and within their calibration"), weight=DANGEROUS, on_fail=HAZARD),
        ItemDef("people", _("Operators hold their certificate"), weight=DANGEROUS, on_fail=HAZARD),
        ItemDef("log", _("Running and upkeep records complete")),
        ItemDef("file", _("Technical file complete")),
    ),
)
SEWAGE = ChecklistDef(
    key="maintenance.sewage",
    label=_("Sewage station"),
    standard="GB 18466-2005",
    clause="6.1.3",
    to_confirm=True,
    rhythm=Rhythm(every=12, step="hour", grace=4, opens_before=4, minutes=20),
    kinds=("污水", "sewage"),
    items=(
        ItemDef(
            "chlorine",
            _("Total residual chlorine at the contact tank"),
            VALUE,
            section=_("Readings"),
            hint=_(
                "At least twice a day with chlorine disinfection. The limit is to be confirmed for the hospital's permit."
            ),
            unit="mg/L",
            weight=SERIOUS,
        ),
        ItemDef("ph", _("pH"), VALUE, section=_("Readings"), hint=_("At least twice a day."), weight=SERIOUS),
        ItemDef("dosing", _("Disinfectant dosed, stock enough"), section=_("Sewage station building"), weight=SERIOUS),
        ItemDef("pumps", _("Pumps and blowers run, screen cleaned"), section=_("Sewage station building")),
        ItemDef(
            "air",
            _("Ventilated before entry, gas alarm works"),
            section=_("Sewage station building"),
            weight=DANGEROUS,
            on_fail=HAZARD,
        ),
        ItemDef(
            "guard",
            _("Covers and rails whole, protective gear in place"),
            section=_("Sewage station building"),
            weight=SERIOUS,
        ),
        ItemDef("log", _("Log filled in"), section=_("Sewage station building")),
    ),
)

CHECKLISTS = (*PLANT, WARD_ROUND, APPLIANCES, LIFT, SPECIAL_EQUIPMENT, SEWAGE)

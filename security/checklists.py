"""What security looks at again and again: fire, cameras and alarms, and what is left on in the evening."""

from django.utils.translation import gettext_lazy as _

from inspections.catalogue import ChecklistDef, ItemDef, Rhythm
from inspections.states import DANGEROUS, HAZARD, ORDER, PHOTO, SERIOUS, TEXT, VALUE

FIRE_YEARLY = ChecklistDef(
    key="security.fire_yearly",
    label=_("Fire facilities: yearly full test"),
    standard="中华人民共和国消防法",
    clause="第16条",
    standard_edition="2021 年修正",
    statutory=True,
    rhythm=Rhythm(step="year", grace=0, opens_before=720, minutes=480),
    kinds=("消防", "fire"),
    items=(
        ItemDef("alarm", _("Automatic fire alarm: every zone tested"), weight=DANGEROUS, on_fail=HAZARD),
        ItemDef("sprinkler", _("Sprinklers: pump, valves and end-of-line test"), weight=DANGEROUS, on_fail=HAZARD),
        ItemDef("hydrants", _("Hydrants: pressure and flow"), weight=DANGEROUS, on_fail=HAZARD),
        ItemDef("smoke", _("Smoke extraction and pressurisation"), weight=DANGEROUS, on_fail=HAZARD),
        ItemDef("shutters", _("Fire shutters and doors close by signal"), weight=DANGEROUS, on_fail=HAZARD),
        ItemDef("lights", _("Emergency lights and exit signs"), weight=SERIOUS),
        ItemDef("broadcast", _("Fire broadcast and telephone"), weight=SERIOUS),
        ItemDef("supply", _("Change-over to the second power supply"), weight=DANGEROUS, on_fail=HAZARD),
        ItemDef("report", _("Test report filed"), PHOTO, hint=_("Photo of its first page."), weight=SERIOUS),
    ),
)
FIRE_MONTHLY = ChecklistDef(
    key="security.fire_monthly",
    label=_("Monthly fire inspection"),
    standard="中华人民共和国消防法",
    clause="第16条",
    standard_edition="2021 年修正",
    statutory=True,
    rhythm=Rhythm(step="month", grace=72, minutes=120),
    items=(
        ItemDef(
            "routes",
            _("Escape routes and exits free and unlocked"),
            section=_("Ways out"),
            weight=DANGEROUS,
            on_fail=HAZARD,
        ),
        ItemDef(
            "signs",
            _("Exit signs and emergency lights work"),
            section=_("Ways out"),
            weight=SERIOUS,
            on_fail=ORDER,
            service_key="security.fire",
        ),
        ItemDef(
            "lane", _("Fire lane and hydrants outside free"), section=_("Ways out"), weight=DANGEROUS, on_fail=HAZARD
        ),
        ItemDef(
            "extinguishers",
            _("Extinguishers in place, sealed, pressure in the green"),
            section=_("Fire equipment at hand"),
            weight=SERIOUS,
            on_fail=ORDER,
            service_key="security.fire",
        ),
        ItemDef(
            "cabinets",
            _("Hydrant cabinets complete, nothing in front"),
            section=_("Fire equipment at hand"),
            weight=SERIOUS,
            on_fail=ORDER,
            service_key="security.fire",
        ),
        ItemDef(
            "doors",
            _("Fire doors close"),
            section=_("Fire equipment at hand"),
            weight=SERIOUS,
            on_fail=ORDER,
            service_key="security.fire",
        ),
        ItemDef(
            "power",
            _("No wires pulled at will, no forbidden appliance"),
            section=_("Fire and power in use"),
            weight=DANGEROUS,
            on_fail=HAZARD,
        ),
        ItemDef(
            "hot_work",
            _("Hot work only with a permit and a watcher"),
            section=_("Fire and power in use"),
            weight=DANGEROUS,
            on_fail=HAZARD,
        ),
        ItemDef(
            "oxygen",
            _("Oxygen and flammables kept apart and locked"),
            section=_("Fire and power in use"),
            weight=DANGEROUS,
            on_fail=HAZARD,
        ),
        ItemDef(
            "people",
            _("Staff asked at random know alarm, extinguisher and way out"),
            section=_("Fire and power in use"),
            weight=SERIOUS,
        ),
        ItemDef(
            "control",
            _("Control room manned day and night, log complete"),
            section=_("Fire and power in use"),
            weight=DANGEROUS,
            on_fail=HAZARD,
        ),
    ),
)
FIRE_PATROL = ChecklistDef(
    key="security.fire_patrol",
    label=_("Daily fire patrol"),
    standard="中华人民共和国消防法",
    clause="第17条",
    standard_edition="2021 年修正",
    statutory=True,
    rhythm=Rhythm(step="day", grace=6, opens_before=6, minutes=60),
    items=(
        ItemDef("exits", _("Exits and stairs free, doors unlocked from inside"), weight=DANGEROUS, on_fail=HAZARD),
        ItemDef(
            "power", _("No fire, smoke or hot smell; appliances off where nobody is"), weight=DANGEROUS, on_fail=HAZARD
        ),
        ItemDef("doors", _("Normally closed fire doors closed"), weight=SERIOUS),
        ItemDef(
            "equipment",
            _("Extinguishers and hydrants in place"),
            weight=SERIOUS,
            on_fail=ORDER,
            service_key="security.fire",
        ),
        ItemDef("key", _("Key places manned: control room, plant, pharmacy, store of flammables"), weight=SERIOUS),
        ItemDef("smoking", _("Nobody smokes inside")),
        ItemDef(
            "night",
            _("By night: wards and emergency walked through"),
            hint=_("Hospitals strengthen the night patrol."),
            required=False,
        ),
    ),
)
RECORDS = ChecklistDef(
    key="security.records",
    label=_("Cameras and alarms"),
    standard="保安服务管理条例",
    clause="第25条",
    statutory=True,
    rhythm=Rhythm(step="month", minutes=45),
    kinds=("监控", "camera"),
    items=(
        ItemDef(
            "days",
            _("Days of recording that can be played back"),
            VALUE,
            unit="d",
            low="30",
            weight=SERIOUS,
            on_fail=ORDER,
            service_key="security.help",
            standard="保安服务管理条例",
            clause="第25条",
        ),
        ItemDef("picture", _("Every camera gives a sharp picture"), weight=SERIOUS),
        ItemDef("clock", _("Clock of the recorder right")),
        ItemDef(
            "button",
            _("Panic buttons answer in the guard room"),
            weight=DANGEROUS,
            on_fail=ORDER,
            service_key="security.help",
        ),
        ItemDef("access", _("Access control opens when fire alarm sounds"), weight=DANGEROUS, on_fail=HAZARD),
        ItemDef("guards", _("Guards on duty hold their certificate"), weight=SERIOUS),
    ),
)
LEAVING = ChecklistDef(
    key="security.leaving",
    label=_("Power, water, gas off when leaving"),
    standard="医院后勤工作计划（2020）",
    rhythm=Rhythm(step="workday", grace=3, opens_before=3, minutes=30),
    items=(
        ItemDef("lights", _("Lights, computers and air conditioning off")),
        ItemDef("chargers", _("Chargers and kettles unplugged"), weight=SERIOUS),
        ItemDef("water", _("Taps closed")),
        ItemDef("gas", _("Gas valves closed"), weight=DANGEROUS, on_fail=HAZARD),
        ItemDef("windows", _("Windows and doors locked"), weight=SERIOUS),
        ItemDef("left", _("Room left on in spite of it"), TEXT, required=False),
    ),
)

CHECKLISTS = (FIRE_YEARLY, FIRE_MONTHLY, FIRE_PATROL, RECORDS, LEAVING)

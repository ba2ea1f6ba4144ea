"""Plant that is looked after by the calendar: power, motors, air, water, steam, cooling."""

from django.utils.translation import gettext_lazy as _

from inspections.catalogue import ChecklistDef, ItemDef, Rhythm
from inspections.states import ALWAYS, DANGEROUS, HAZARD, METER, ORDER, SERIOUS, VALUE

RUNNING_HOURS = "运行小时"  # the name of the meter on the asset

GENERATOR = ChecklistDef(
    key="maintenance.generator",
    label=_("Standby generator"),
    edition=2,
    standard="医院后勤部工作总结（2022）",
    rhythm=Rhythm(step="month", minutes=45),
    kinds=("发电机", "generator"),
    items=(
        ItemDef("oil", _("Engine oil between the two marks, not dark or thin"), section=_("Engine"), weight=SERIOUS),
        ItemDef(
            "filters",
            _("Oil, fuel and air filters clean and within their hours"),
            section=_("Engine"),
            hint=_("Replace as the maker's manual says."),
        ),
        ItemDef("coolant", _("Coolant level and antifreeze right, no leak"), section=_("Engine"), weight=SERIOUS),
        ItemDef("fuel", _("Fuel in the day tank"), VALUE, section=_("Engine"), unit="L", weight=SERIOUS),
        ItemDef("belts", _("Belts tight, hoses sound"), section=_("Engine")),
        ItemDef(
            "volts",
            _("Battery voltage at rest"),
            VALUE,
            section=_("Starting battery"),
            hint=_("Compare with the plate of the battery."),
            unit="V",
            weight=SERIOUS,
        ),
        ItemDef(
            "terminals",
            _("Terminals tight and clean, electrolyte right, charger works"),
            section=_("Starting battery"),
            weight=SERIOUS,
            on_fail=ORDER,
            service_key="maintenance.power",
        ),
        ItemDef(
            "start",
            _("Starts by itself and takes the load when mains power is cut off"),
            section=_("Test run"),
            weight=DANGEROUS,
            on_fail=ORDER,
            service_key="maintenance.power",
        ),
        ItemDef("pressure", _("Oil pressure in the test run"), VALUE, section=_("Test run"), unit="kPa"),
        ItemDef("hours", _("Running hours"), METER, section=_("Test run"), unit="h", meter=RUNNING_HOURS),
        ItemDef(
            "room", _("Room clear and ventilated, extinguisher in place, no oil on the floor"), section=_("Test run")
        ),
    ),
)
MOTORS = ChecklistDef(
    key="maintenance.motors",
    label=_("Motors and pumps"),
    standard="医院后勤部工作总结（2022）",
    rhythm=Rhythm(every=3, step="month", minutes=40),
    kinds=("电机", "水泵", "pump", "motor"),
    items=(
        ItemDef("grease", _("Bearings greased, old grease removed")),
        ItemDef(
            "insulation",
            _("Insulation resistance of the windings"),
            VALUE,
            hint=_("Switched off and discharged; compare with the maker's value."),
            unit="MΩ",
            weight=DANGEROUS,
        ),
        ItemDef(
            "earth", _("Earth wire sound and tight"), weight=DANGEROUS, on_fail=ORDER, service_key="maintenance.power"
        ),
        ItemDef("noise", _("No unusual noise, vibration or smell when running"), weight=SERIOUS),
        ItemDef("current", _("Current of the three phases even")),
        ItemDef("seal", _("Shaft seal and coupling without leak or play")),
        ItemDef("anchor", _("Anchor bolts tight, guard in place"), weight=SERIOUS),
    ),
)
ELECTRICAL = ChecklistDef(
    key="maintenance.electrical",
    label=_("Cleaning of electrical gear"),
    standard="医院后勤部工作总结（2022）",
    rhythm=Rhythm(every=6, step="month", minutes=90),
    kinds=("配电", "switchgear"),
    items=(
        ItemDef(
            "ticket",
            _("Work ticket signed, wards told, standby supply ready"),
            section=_("Before work"),
            weight=DANGEROUS,
        ),
        ItemDef(
            "locked",
            _("Switched off, tested dead, earthed, warning sign hung"),
            section=_("Before work"),
            weight=DANGEROUS,
        ),
        ItemDef("dust", _("Cabinets, busbars and insulators free of dust"), section=_("Cleaning and check")),
        ItemDef(
            "joints", _("Joints tight, no mark of heat"), section=_("Cleaning and check"), photo=ALWAYS, weight=SERIOUS
        ),
        ItemDef(
            "breakers",
            _("Breakers switch on and off freely, indicators right"),
            section=_("Cleaning and check"),
            weight=SERIOUS,
        ),
        ItemDef("earth", _("Earthing complete"), section=_("Cleaning and check"), weight=DANGEROUS, on_fail=HAZARD),
        ItemDef("animals", _("Holes closed against small animals, cable trench dry"), section=_("Cleaning and check")),
        ItemDef(
            "after",
            _("No tool left behind, supply back, readings normal"),
            section=_("Cleaning and check"),
            weight=DANGEROUS,
        ),
    ),
)
AIR_HANDLER = ChecklistDef(
    key="maintenance.air_handler",
    label=_("Air handler and its filters"),
    standard="医院后勤部工作总结（2022）",
    clause="滤网每年至少清洗两次",
    rhythm=Rhythm(every=6, step="month", minutes=60),
    kinds=("空调", "新风", "air handler"),
    items=(
        ItemDef("filter", _("Filters taken out, washed or replaced"), photo=ALWAYS, weight=SERIOUS),
        ItemDef("coil", _("Coil clean, fins straight")),
        ItemDef("tray", _("Drain pan clean, water runs off"), weight=SERIOUS),
        ItemDef("fan", _("Fan clean, belt tight, bearings greased")),
        ItemDef("outlets", _("Air outlets clean, no mould")),
        ItemDef("pressure", _("Pressure drop of the filter after cleaning"), VALUE, unit="Pa", required=False),
        ItemDef(
            "valve",
            _("Fresh-air valve and fire damper move freely"),
            weight=SERIOUS,
            on_fail=ORDER,
            service_key="maintenance.climate",
        ),
    ),
)
WATER_BOILER = ChecklistDef(
    key="maintenance.water_boiler",
    label=_("Drinking-water boiler"),
    standard="医院后勤部工作总结（2022）",
    rhythm=Rhythm(step="month", minutes=20),
    kinds=("开水器", "water boiler"),
    items=(
        ItemDef(
            "scale",
            _("Descaled, scale inhibitor filled up"),
            hint=_("Write down the kind and amount of the inhibitor."),
        ),
        ItemDef("filter", _("Filter cartridge within its term"), weight=SERIOUS),
        ItemDef("boils", _("Water boils before it can be drawn, thermometer works"), weight=SERIOUS),
        ItemDef(
            "leak",
            _("No leak, residual-current device trips when tested"),
            weight=DANGEROUS,
            on_fail=ORDER,
            service_key="maintenance.power",
        ),
        ItemDef("guard", _("Scald warning in place, taps sound"), weight=SERIOUS),
        ItemDef("clean", _("Outside and drip tray clean")),
    ),
)
STEAM_GENERATOR = ChecklistDef(
    key="maintenance.steam_generator",
    label=_("Steam generator of a steriliser"),
    standard="医院后勤部工作总结（2022）",
    rhythm=Rhythm(step="month", minutes=40),
    kinds=("蒸汽发生器", "灭菌器", "steam", "steriliser"),
    items=(
        ItemDef("blow", _("Blown down, water level glass clear"), weight=SERIOUS),
        ItemDef("water", _("Softened water and its salt in order")),
        ItemDef("valve", _("Safety valve within its calibration"), weight=DANGEROUS, on_fail=HAZARD),
        ItemDef("gauge", _("Pressure gauge within its verification"), weight=DANGEROUS, on_fail=HAZARD),
        ItemDef("pressure", _("Working pressure"), VALUE, hint=_("Compare with the plate."), unit="MPa"),
        ItemDef("heater", _("Heating elements and contactors without mark of heat"), weight=SERIOUS),
        ItemDef("leak", _("Steam pipes lagged, no leak")),
    ),
)
CHILLER = ChecklistDef(
    key="maintenance.chiller",
    label=_("Chiller plant"),
    edition=2,
    standard="医院后勤部工作总结（2022）",
    rhythm=Rhythm(step="week", months=(5, 6, 7, 8, 9, 10), minutes=30),
    kinds=("冷水机组", "冷机", "chiller"),
    items=(
        ItemDef("supply", _("Chilled water out"), VALUE, section=_("Readings"), unit="°C"),
        ItemDef("return", _("Chilled water back"), VALUE, section=_("Readings"), unit="°C"),
        ItemDef("condenser", _("Condensing pressure"), VALUE, section=_("Readings"), unit="kPa"),
        ItemDef("evaporator", _("Evaporating pressure"), VALUE, section=_("Readings"), unit="kPa"),
        ItemDef("hours", _("Running hours"), METER, section=_("Readings"), unit="h", meter=RUNNING_HOURS),
        ItemDef("oil", _("Compressor oil level right"), section=_("The chiller itself"), weight=SERIOUS),
        ItemDef("noise", _("No unusual noise or vibration"), section=_("The chiller itself"), weight=SERIOUS),
        ItemDef("tower", _("Cooling tower clean, fan and float valve work"), section=_("The chiller itself")),
        ItemDef(
            "leak",
            _("No leak of water or refrigerant"),
            section=_("The chiller itself"),
            weight=SERIOUS,
            on_fail=ORDER,
            service_key="maintenance.climate",
        ),
    ),
)

PLANT = (GENERATOR, MOTORS, ELECTRICAL, AIR_HANDLER, WATER_BOILER, STEAM_GENERATOR, CHILLER)

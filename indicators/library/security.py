"""Indicators of security and fire safety."""

from django.utils.translation import gettext_lazy as _

from indicators.library.declaring import BED_DAYS, LAW, PROPOSED, VISITS, Amount, Declaring
from indicators.states import DOWN, UP
from kpi.periods import YEAR

FIRE_LAW, GUARD_RULES = "消防法 第{}条", "保安服务管理条例 第{}条"
declare = Declaring("SC", _("Security and fire safety"), _("head of security"), _("safety committee"))

declare(
    "SC1", _("Patrols completed"), _("Checkpoints scanned in order and in time"), _("Checkpoints planned"), UP, "P", "98",
    PROPOSED, source=FIRE_LAW.format(17), kpi="security.patrol",
)  # fmt: skip
declare(
    "SC2", _("Night patrols done"), _("Night rounds done"), _("Night rounds planned"), UP, "P", "100", PROPOSED,
    source="公安部令第61号 第25条", kpi="security.night_patrol",
)  # fmt: skip
declare(
    "SC3", _("Fire facilities tested"), _("Fire facilities tested within twelve months"), _("Fire facilities"), UP, "P",
    "100", LAW, source=FIRE_LAW.format(16), kpi="security.fire_tested",
)  # fmt: skip
declare(
    "SC4", _("Fire equipment fit"), _("Points found in order"), _("Points inspected"), UP, "P", "99", PROPOSED,
    kpi="security.fire_fit",
)  # fmt: skip
declare(
    "SC5", _("Hazards rectified in time"), _("Hazards closed by their date"), _("Hazards due"), UP, "P", "95", PROPOSED,
    source="安全生产法 第41条", kpi="hazards.in_time", note=_("Major hazards 100 %."),
)  # fmt: skip
declare(
    "SC6", _("Alarm response"), Amount(_("Minutes from alarm until on site"), _("min")), _("Alarms answered"), DOWN, "C",
    "3", PROPOSED, unit=_("min"), note=_("The mean of all alarms."),
)  # fmt: skip
declare(
    "SC7", _("Security incidents"), Amount(_("Security incidents"), "", "security_incidents"), (VISITS, BED_DAYS), DOWN,
    "C", unit=_("per 10,000"), factor=10000, aim=_("median of the peer group"),
)  # fmt: skip
declare(
    "SC8", _("Guard strength"), _("Guards on post"),
    _("Guards required: the highest of 3 % of staff, beds ÷ 20, 3 ‰ of visits a day"),
    UP, "P", "100", LAW, source="国卫医函〔2021〕200号",
)  # fmt: skip
declare(
    "SC9", _("Certified guards and control-room staff"), _("People on the roster with a valid certificate"),
    _("Guards and control-room staff on the roster"), UP, "L", "100", LAW, source=GUARD_RULES.format(16),
)  # fmt: skip
declare(
    "SC10", _("Drills held"), _("Drills held"), _("Drills planned"), UP, "L", "100", PROPOSED,
    source=FIRE_LAW.format("16、17"), period=YEAR, minimum=1,
)  # fmt: skip
declare(
    "SC11", _("Video kept long enough"), _("Cameras with 30 days or more"), _("Cameras sampled"), UP, "P", "100", LAW,
    source=GUARD_RULES.format(25), note=_("90 days in key areas."),
)  # fmt: skip
declare("SC12", _("False alarms"), _("Alarms that were false"), _("All alarms"), DOWN, "P", aim=_("falling"))
CHAPTER = declare.chapter

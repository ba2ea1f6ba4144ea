"""What the platform's roles may do with what is made of figures. A contractor's manager sees the figures of the firm."""

from kpi.permissions import FIGURE_VIEW
from reporting import permissions as perm
from tenancy.roles import extend
from workorders import roles  # noqa: F401  ships the roles

for _key in ("leader", "head"):
    extend(_key, perm.MONTH_VIEW)
extend("manager", perm.MONTH_VIEW, perm.LEAGUE_VIEW, perm.REPORT_VIEW, perm.REPORT_CHANGE)
extend("office", perm.LEAGUE_VIEW, perm.OVERVIEW_VIEW, perm.REPORT_VIEW, perm.SCHEDULE_CHANGE)
extend("office", perm.SCREEN_VIEW, perm.SCREEN_CHANGE)
extend("auditor", perm.LEAGUE_VIEW, perm.OVERVIEW_VIEW, perm.REPORT_VIEW, perm.SCREEN_VIEW)
extend("administrator", perm.MONTH_VIEW, perm.LEAGUE_VIEW, perm.REPORT_VIEW, perm.REPORT_CHANGE)
extend("administrator", perm.OVERVIEW_VIEW, perm.SCREEN_VIEW, perm.SCREEN_CHANGE)
extend("contractor_manager", FIGURE_VIEW)

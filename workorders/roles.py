"""The roles every consortium starts with. Departments ship more in their `department.py`."""

from django.utils.translation import gettext_lazy as _

from assets import permissions as assets
from exchange.permissions import VIEW_SHARE
from flow.permissions import CHAIN_CHANGE
from kpi import permissions as kpi
from notices import permissions as notices
from people import permissions as people
from tenancy import permissions as tenancy
from tenancy.roles import RoleDef, ship
from workorders import permissions as order

STAFF = ship(
    RoleDef(
        "staff",
        _("Hospital staff"),
        frozenset({tenancy.PLACE_VIEW, tenancy.UNIT_VIEW, order.ORDER_REPORT, order.SERVICE_VIEW}),
    )
)
REQUESTER = ship(
    RoleDef(
        "requester",
        _("Reporter"),
        frozenset({order.ORDER_VIEW, order.ORDER_SIGN, order.ORDER_WITHDRAW, order.ORDER_COMMENT}),
    )
)
WORKER = ship(
    RoleDef(
        "worker",
        _("Technician"),
        frozenset({order.ORDER_VIEW, order.ORDER_WORK, order.ORDER_COMMENT, order.COST_VIEW})
        | {tenancy.TEAM_VIEW, people.ROSTER_VIEW, assets.METER_READ},
    )
)
_SEES_PEOPLE = frozenset({people.ROSTER_VIEW, people.ABSENCE_VIEW, people.SKILL_VIEW})
_LEADS_PEOPLE = _SEES_PEOPLE | {people.ROSTER_CHANGE, people.ABSENCE_CHANGE, people.SKILL_CHANGE}
_DISPATCH = _SEES_PEOPLE | frozenset(
    {
        *(
            order.ORDER_VIEW,
            order.ORDER_DISPATCH,
            order.ORDER_COMMENT,
            order.ORDER_EDIT,
            order.COST_VIEW,
            order.SERVICE_VIEW,
        ),
        *(tenancy.TEAM_VIEW, tenancy.PERSON_VIEW, tenancy.PLACE_VIEW, tenancy.UNIT_VIEW, assets.ASSET_VIEW),
    }
)
LEADER = ship(
    RoleDef(
        "leader",
        _("Team leader"),
        _DISPATCH | _LEADS_PEOPLE | {order.ORDER_WORK, tenancy.CODE_ISSUE, kpi.FIGURE_VIEW, VIEW_SHARE},
    )
)
DESK = ship(
    RoleDef(
        "desk",
        _("Service desk"),
        _DISPATCH
        | {order.ORDER_REPORT, order.ORDER_VOID, order.ORDER_CLOSE, order.ORDER_SIGN, tenancy.CONTRACTOR_VIEW}
        | {people.ABSENCE_CHANGE, notices.ANNOUNCEMENT_CHANGE},
    )
)
HEAD = ship(
    RoleDef(
        "head",
        _("Department head"),
        _DISPATCH
        | _LEADS_PEOPLE
        | {order.ORDER_VOID, order.ORDER_CLOSE, order.SERVICE_CHANGE, order.ORDER_REPORT, order.ORDER_IMPORT}
        | {order.ORDER_ANSWER}
        | {assets.ASSET_CHANGE, assets.METER_READ, tenancy.TEAM_CHANGE, tenancy.CODE_ISSUE, tenancy.CONTRACTOR_VIEW}
        | {kpi.FIGURE_VIEW, VIEW_SHARE, notices.ANNOUNCEMENT_CHANGE, order.RATE_VIEW, order.RATE_CHANGE},
    )
)
_READ = frozenset(
    {
        *(people.ROSTER_VIEW, people.SKILL_VIEW),
        *(order.ORDER_VIEW, order.COST_VIEW, order.RATE_VIEW, order.SERVICE_VIEW, assets.ASSET_VIEW),
        *(kpi.FIGURE_VIEW, kpi.TARGET_VIEW),
        *(tenancy.PLACE_VIEW, tenancy.UNIT_VIEW, tenancy.TEAM_VIEW, tenancy.PERSON_VIEW, tenancy.CONTRACTOR_VIEW),
    }
)
MANAGER = ship(
    RoleDef(
        "manager",
        _("Logistics manager"),
        HEAD.permissions
        | _READ
        | {tenancy.CONTRACTOR_CHANGE, kpi.TARGET_CHANGE, tenancy.GRANT_VIEW, order.LIMITS_CHANGE, CHAIN_CHANGE},
    )
)
OFFICE = ship(
    RoleDef("office", _("Consortium office"), _READ | {kpi.TARGET_CHANGE, tenancy.GRANT_VIEW, VIEW_SHARE, CHAIN_CHANGE})
)
AUDITOR = ship(RoleDef("auditor", _("Auditor"), _READ | {tenancy.GRANT_VIEW, tenancy.LOG_VIEW}))
ADMINISTRATOR = ship(
    RoleDef(
        "administrator",
        _("Administrator"),
        MANAGER.permissions
        | AUDITOR.permissions
        | STAFF.permissions
        | REQUESTER.permissions
        | WORKER.permissions
        | {
            tenancy.HOSPITAL_CHANGE,
            tenancy.PLACE_CHANGE,
            tenancy.UNIT_CHANGE,
            tenancy.PERSON_CHANGE,
            tenancy.CODE_ISSUE,
        }
        | {tenancy.GRANT_CHANGE, tenancy.ROLE_CHANGE, notices.CHANNEL_CHANGE},
    )
)
CONTRACTOR_MANAGER = ship(
    RoleDef(
        "contractor_manager",
        _("Contractor's manager"),
        frozenset(
            {
                order.ORDER_VIEW,
                order.ORDER_WORK,
                order.ORDER_COMMENT,
                order.ORDER_DISPATCH,
                tenancy.TEAM_VIEW,
                tenancy.PERSON_VIEW,
            }
        )
        | _LEADS_PEOPLE,
    )
)

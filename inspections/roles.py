"""What the platform's roles may do with checklists, plans and rounds."""

from inspections import permissions as perm
from tenancy.roles import extend
from workorders import roles  # noqa: F401  ships the roles

SEES = (perm.CHECKLIST_VIEW, perm.PLAN_VIEW, perm.ROUND_VIEW)
WORKS = (perm.CHECKLIST_VIEW, perm.ROUND_VIEW, perm.ROUND_WORK)
LEADS = (*SEES, *WORKS, perm.ROUND_ASSIGN)
PLANS = (*LEADS, perm.PLAN_CHANGE, perm.ROUND_SKIP, perm.CHECKLIST_CHANGE)

extend("requester", perm.ROUND_VIEW, perm.ROUND_SIGN)
extend("worker", *WORKS)
extend("contractor_manager", *LEADS)
extend("desk", *SEES)
extend("leader", *LEADS)
extend("head", *PLANS)
extend("manager", *PLANS)
extend("administrator", *PLANS, perm.ROUND_SIGN)
extend("office", *SEES, perm.CHECKLIST_CHANGE)
extend("auditor", *SEES)

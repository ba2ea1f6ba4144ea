"""What the platform's roles may do with hazards."""

from hazards import permissions as perm
from tenancy.roles import extend
from workorders import roles  # noqa: F401  ships the roles

SEES = (perm.HAZARD_VIEW,)
WORKS = (perm.HAZARD_VIEW, perm.HAZARD_REPORT, perm.HAZARD_RECTIFY)
STEERS = (*WORKS, perm.HAZARD_ASSIGN, perm.HAZARD_VERIFY)

extend("staff", perm.HAZARD_REPORT)
extend("requester", *SEES)
extend("worker", *WORKS)
extend("contractor_manager", *WORKS)
for _key in ("leader", "desk", "head", "manager", "administrator"):
    extend(_key, *STEERS)
for _key in ("office", "auditor"):
    extend(_key, *SEES)

"""What the platform's roles may do with frozen and published figures."""

from assessment import permissions as perm
from tenancy.roles import extend
from workorders import roles  # noqa: F401  ships the roles

SEES = (perm.PUBLISHED_VIEW, perm.FROZEN_VIEW, perm.ACTION_VIEW)
DOES = (perm.PUBLISHED_VIEW, perm.ACTION_VIEW, perm.ACTION_DO)
ANSWERS = (*SEES, perm.MONTH_CLOSE, perm.FIGURE_ANSWER, perm.ACTION_DO, perm.ACTION_CHANGE)

for _key in ("leader", "desk", "head"):
    extend(_key, *DOES)
for _key in ("manager", "administrator"):
    extend(_key, *ANSWERS)
extend("auditor", *SEES)
extend("office", *SEES, perm.MONTH_CLOSE, perm.MONTH_PUBLISH, perm.APPEAL_DECIDE, perm.ACTION_CHANGE)

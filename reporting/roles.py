"""What the platform's roles may do with what is made of figures. A contractor's manager sees the figures of the firm."""

from kpi.permissions import FIGURE_VIEW
from reporting import permissions as perm
from tenancy.roles import extend
from workorders import roles  # noqa: F401  ships the roles

for _key in ("leader", "head", "manager", "administrator"):
    extend(_key, perm.MONTH_VIEW)
extend("contractor_manager", FIGURE_VIEW)

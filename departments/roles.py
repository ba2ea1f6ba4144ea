"""Who sees the red list: those who answer for it, and those who watch over them."""

from departments import permissions as perm
from tenancy.roles import extend
from workorders import roles  # noqa: F401  ships the roles

for _key in ("leader", "head", "manager", "administrator", "office", "auditor"):
    extend(_key, perm.DEADLINE_VIEW)

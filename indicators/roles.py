"""What the platform's roles may do with returns."""

from indicators import permissions as perm
from tenancy.roles import extend
from workorders import roles  # noqa: F401  ships the roles

for _key in ("manager", "auditor"):
    extend(_key, perm.RETURN_VIEW)
for _key in ("office", "administrator"):
    extend(_key, perm.RETURN_VIEW, perm.RETURN_CHANGE)

"""What the platform's roles may do with returns."""

from django.utils.translation import gettext_lazy as _

from indicators import permissions as perm
from indicators.request_states import CLERK
from tenancy.roles import RoleDef, extend, ship
from workorders import roles  # noqa: F401  ships the roles

ship(RoleDef(CLERK, _("Returns clerk"), frozenset({perm.RETURN_VIEW, perm.RETURN_FILL})))
for _key in ("manager", "auditor"):
    extend(_key, perm.RETURN_VIEW)
for _key in ("manager", "administrator"):
    extend(_key, perm.RETURN_FILL)
for _key in ("office", "administrator"):
    extend(_key, perm.RETURN_VIEW, perm.RETURN_CHANGE)

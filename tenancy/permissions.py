"""The set of all declared permissions. `app.noun.verb`; asking about an undeclared one is a programming error."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Label = str | Promise
_declared: dict[str, Label] = {}


def declare(permission: str, label: Label) -> str:
    """Make a permission known, with the words an administrator reads. Returns the string, for a constant."""
    if permission.count(".") != 2:
        raise ValueError(f"{permission!r} is not app.noun.verb")
    _declared[permission] = label
    return permission


def declared() -> dict[str, Label]:
    return dict(_declared)


def require_declared(permission: str) -> None:
    if permission not in _declared:
        raise LookupError(f"permission {permission!r} is not declared")


HOSPITAL_CHANGE = declare("tenancy.hospital.change", _("Change the hospital's data and modules"))
PLACE_VIEW = declare("tenancy.place.view", _("See places"))
PLACE_CHANGE = declare("tenancy.place.change", _("Arrange places"))
UNIT_VIEW = declare("tenancy.unit.view", _("See units"))
UNIT_CHANGE = declare("tenancy.unit.change", _("Arrange units"))
TEAM_VIEW = declare("tenancy.team.view", _("See teams"))
TEAM_CHANGE = declare("tenancy.team.change", _("Arrange teams"))
PERSON_VIEW = declare("tenancy.person.view", _("See people"))
PERSON_CHANGE = declare("tenancy.person.change", _("Arrange people"))
CODE_ISSUE = declare("tenancy.code.issue", _("Give a one-time code to who forgot the password"))
GRANT_VIEW = declare("tenancy.grant.view", _("See who may do what"))
GRANT_CHANGE = declare("tenancy.grant.change", _("Grant and revoke roles"))
ROLE_CHANGE = declare("tenancy.role.change", _("Change roles"))
CONTRACTOR_VIEW = declare("tenancy.contractor.view", _("See contractors"))
CONTRACTOR_CHANGE = declare("tenancy.contractor.change", _("Engage contractors"))
LOG_VIEW = declare("tenancy.log.view", _("Read sign-ins and refusals"))

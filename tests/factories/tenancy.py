"""The organisation, made through its own verbs."""

from itertools import count

from tenancy import domain
from tenancy.actors import System
from tenancy.models import Consortium, Hospital, Place, Role
from tenancy.permissions import declared

_numbers = count(1)


def setup() -> System:
    """The job that arranges things before anybody is there."""
    return System("setup", permissions=frozenset(declared()))


def consortium(name: str = "City consortium") -> Consortium:
    made = Consortium.objects.create(name=name)
    domain.sync_roles(made)
    return made


def hospital(of: Consortium, code: str = "", **fields) -> Hospital:
    code = code or f"H{next(_numbers)}"
    fields = {"name": f"Hospital {code}", "short_name": code, **fields}
    return domain.open_hospital(setup(), consortium=of, code=code, **fields)


def root(of: Hospital) -> Place:
    return Place.objects.get(hospital=of, parent=None)


def role(of: Consortium, *permissions: str) -> Role:
    return Role.objects.create(consortium=of, key=f"role{next(_numbers)}", permissions=list(permissions))

"""The verbs of the organisation. Each takes the actor first, asks whether they may, and writes history."""

from tenancy.domain.contractors import add_contractor, end_engagement, engage_contractor
from tenancy.domain.grants import edit_role, grant, may_hand_out, reset_role, revoke
from tenancy.domain.hospitals import edit_hospital, open_hospital, sync_roles
from tenancy.domain.people import add_person, edit_person, give_code, leave, may_help
from tenancy.domain.places import (
    add_place,
    close_place,
    door_for,
    edit_place,
    merge_places,
    move_place,
    revoke_door,
)
from tenancy.domain.units import (
    add_team,
    add_unit,
    close_team,
    close_unit,
    edit_team,
    edit_unit,
    merge_teams,
    merge_units,
)

__all__ = [
    "add_contractor",
    "add_person",
    "add_place",
    "add_team",
    "add_unit",
    "close_place",
    "close_team",
    "close_unit",
    "door_for",
    "edit_hospital",
    "edit_person",
    "edit_place",
    "edit_role",
    "edit_team",
    "edit_unit",
    "end_engagement",
    "engage_contractor",
    "give_code",
    "grant",
    "leave",
    "may_hand_out",
    "may_help",
    "merge_places",
    "merge_teams",
    "merge_units",
    "move_place",
    "open_hospital",
    "reset_role",
    "revoke",
    "revoke_door",
    "sync_roles",
]

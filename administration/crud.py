"""Lists, records and forms of the organisation."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from administration import events, filters, forms, tables
from administration.actions import Action, Office
from flow.models import Event
from tenancy import domain
from tenancy import permissions as perm
from tenancy.models import Engagement, Membership, Place, Team, Unit
from ui.crud import Crud
from ui.search import Found


def _engage(actor: Any, *, contractor: Any, name: str, registration_number: str, **terms: Any) -> Engagement:
    if contractor is None:
        contractor = domain.add_contractor(
            actor, consortium=terms["hospital"].consortium, name=name, registration_number=registration_number
        )
    return domain.engage_contractor(actor, contractor=contractor, **terms)


def _new_door(actor: Any, place: Place) -> Place:
    """The printed code opens nothing any more; the next label gets a new one."""
    domain.revoke_door(actor, domain.door_for(place=place))
    return place


places = Office(
    name="administration:place",
    title=_("Places"),
    icon="map-pin",
    found=Found(4, "code", ("kind", "code", "phone", "closed_on"), gone="closed_on", order="path"),
    queryset=lambda: Place.objects.select_related("parent"),
    view=perm.PLACE_VIEW,
    table=tables.PlaceTable,
    filterset=filters.PlaceListFilter,
    form=forms.PlaceForm,
    create=domain.add_place,
    add=perm.PLACE_CHANGE,
    add_label=_("New place"),
    update=domain.edit_place,
    change=perm.PLACE_CHANGE,
    actions=(
        Action("move", _("Move"), "arrows-exchange", perm.PLACE_CHANGE, forms.MoveForm, domain.move_place),
        Action("door", _("Replace the QR code"), "qrcode", perm.PLACE_CHANGE, forms.DoorForm, _new_door),
        Action("merge", _("Merge"), "git-merge", perm.PLACE_CHANGE, forms.MergePlaceForm, domain.merge_places),
        Action("close", _("Close"), "ban", perm.PLACE_CHANGE, forms.CloseForm, domain.close_place, tone="red"),
    ),
)
units = Office(
    name="administration:unit",
    title=_("Units"),
    icon="building-hospital",
    queryset=lambda: Unit.objects.all(),
    view=perm.UNIT_VIEW,
    table=tables.UnitTable,
    filterset=filters.UnitFilter,
    form=forms.UnitForm,
    create=domain.add_unit,
    add=perm.UNIT_CHANGE,
    add_label=_("New unit"),
    update=domain.edit_unit,
    change=perm.UNIT_CHANGE,
    actions=(
        Action("merge", _("Merge"), "git-merge", perm.UNIT_CHANGE, forms.MergeUnitForm, domain.merge_units),
        Action("close", _("Close"), "ban", perm.UNIT_CHANGE, forms.CloseForm, domain.close_unit, tone="red"),
    ),
)
teams = Office(
    name="administration:team",
    title=_("Teams"),
    icon="users",
    queryset=lambda: Team.objects.all(),
    view=perm.TEAM_VIEW,
    table=tables.TeamTable,
    filterset=filters.TeamFilter,
    form=forms.TeamForm,
    create=domain.add_team,
    add=perm.TEAM_CHANGE,
    add_label=_("New team"),
    update=domain.edit_team,
    change=perm.TEAM_CHANGE,
    actions=(
        Action("merge", _("Merge"), "git-merge", perm.TEAM_CHANGE, forms.MergeTeamForm, domain.merge_teams),
        Action("close", _("Close"), "ban", perm.TEAM_CHANGE, forms.CloseForm, domain.close_team, tone="red"),
    ),
)
people = Office(
    name="administration:person",
    title=_("People"),
    icon="user",
    found=Found(
        3,
        "staff_number",
        ("staff_number", "unit__name", "team__name", "phone", "ends_on"),
        gone="ends_on",
        order="name",
    ),
    queryset=lambda: Membership.objects.select_related("user", "hospital"),
    view=perm.PERSON_VIEW,
    table=tables.PersonTable,
    filterset=filters.PersonFilter,
    form=forms.PersonForm,
    create=domain.add_person,
    add=perm.PERSON_CHANGE,
    add_label=_("New person"),
    update=domain.edit_person,
    change=perm.PERSON_CHANGE,
    tabs=((_("Working here"), "standing=open"), (_("Left"), "standing=closed"), (_("All"), "")),
    actions=(
        Action("grant", _("Give a role"), "key", perm.GRANT_CHANGE, forms.GrantForm, None),
        Action("leave", _("Leaves"), "logout", perm.PERSON_CHANGE, forms.LeaveForm, domain.leave, tone="red"),
    ),
)
engagements = Office(
    name="administration:engagement",
    title=_("Contractors"),
    icon="briefcase",
    queryset=lambda: Engagement.objects.select_related("contractor"),
    view=perm.CONTRACTOR_VIEW,
    table=tables.EngagementTable,
    filterset=filters.EngagementFilter,
    form=forms.ContractorForm,
    create=_engage,
    add=perm.CONTRACTOR_CHANGE,
    add_label=_("Engage a firm"),
    actions=(Action("end", _("End"), "ban", perm.CONTRACTOR_CHANGE, forms.EndForm, domain.end_engagement, tone="red"),),
)


class Log(Crud):
    """Each event with whether its reader may open the record."""

    def rows(self, user: Any) -> Any:
        return super().rows(user).annotate(opens=events.opens(user))


log = Log(
    name="administration:event",
    title=_("Everything that happened"),
    queryset=Event.objects.all,
    view=perm.LOG_VIEW,
    table=tables.EventTable,
    filterset=filters.EventFilter,
    empty=_("Nothing here yet."),
    icon="history",
)

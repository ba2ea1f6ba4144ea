"""A hospital that is laid down at once has a running plan of each shipped checklist, and its rounds."""

from __future__ import annotations

from django.utils import timezone

from inspections.catalogue import shipped
from inspections.models import Plan, Round
from inspections.planning import check
from inspections.shipping import ship
from logistics.fill import inspections
from tenancy.scope import scope


def test_each_shipped_checklist_of_a_department_with_a_team_is_planned(world):
    with scope(world.hospitals()):
        ship(world.consortium)
        count = inspections.arrange(world.a.hospital, timezone.now())
        made = list(Plan.objects.filter(hospital=world.a.hospital).select_related("checklist", "team", "place"))
        wanted = {key for key, known in shipped().items() if known.department in ("maintenance", "cleaning")}
        assert {plan.checklist.key for plan in made} == wanted
        assert count == len(wanted) > 5
        for plan in made:
            check(plan)
        assert Round.objects.filter(hospital=world.a.hospital).count() > count

"""An administrator brings places, units and people in from a table; nobody gives what they do not hold."""

import pytest

from exchange import domain
from exchange.importers import importers
from tenancy import access
from tenancy.models import Grant, Hospital, Membership, Place, Unit
from tenancy.scope import scope_of
from workorders import permissions as order

pytestmark = pytest.mark.django_db


def tried(world, actor, kind, *lines):
    hospital, content = Hospital.objects.get(pk=world.a.id), "\n".join(lines).encode()
    job = domain.hand_in(actor, importer=importers()[kind], hospital=hospital, content=content, name="table.csv")
    domain.arrange(actor, job, columns=job.params["columns"], options={})
    return domain.run(world.a.id, job.pk)


def brought_in(world, actor, kind, *lines):
    job = tried(world, actor, kind, *lines)
    assert job.faults == []
    job = domain.run(world.a.id, domain.bring_in(actor, job).pk)
    assert job.written_at, job.error
    return job


def bad_cells(world, actor, kind, *lines):
    return {fault["cell"] for fault in tried(world, actor, kind, *lines).faults}


def test_places_come_with_what_they_lie_in(world):
    with scope_of(world.ada):
        brought_in(
            world, world.ada, "places", "院区,楼,楼层,房间,编号,分机",
            "东院区,综合楼,2 层,201,Z-201,8201", "东院区,综合楼,2 层,,Z-2,", "东院区,门诊楼,3 层,换药室,,",
        )  # fmt: skip

        room = Place.objects.get(code="Z-201")
        assert room.full_name == "东院区 / 综合楼 / 2 层 / 201"
        assert (room.phone, room.parent.code) == ("8201", "Z-2")
        assert Place.objects.get(name="换药室").parent == world.a.floor


def test_bad_places_are_named(world):
    lines = (
        "院区,楼,楼层,房间,编号",
        "东院区,门诊楼,3 层,护士站,",
        ",,,,Z",
        "东院区,新楼,,,B1",
        "东院区,楼二,,,N1",
        "东院区,楼二,,,N1",
    )
    with scope_of(world.ada):
        assert bad_cells(world, world.ada, "places", *lines) == {"D2", "B3", "E4", "B6", "E6"}


def test_units_come_in_and_bad_ones_are_named(world):
    with scope_of(world.ada):
        brought_in(
            world, world.ada, "units", "科室编号,科室名称,类型,地点", "N1,儿科,clinical,B1", "N2,财务科,administrative,"
        )
        assert Unit.objects.get(code="N1").place == world.a.building
        assert Unit.objects.get(code="N2").kind == "administrative"

        lines = ("科室编号,科室名称,类型,地点", "W1,x,,", "N3,,,", "N4,y,nonsense,", "N5,z,,nowhere", "N5,z,,")
        assert bad_cells(world, world.ada, "units", *lines) == {"A2", "B3", "C4", "D5", "A6"}


def test_people_come_with_their_role(world):
    with scope_of(world.ada):
        brought_in(
            world, world.ada, "people", "工号,姓名,科室,班组,邮箱,角色",
            "9001,王芳,心内科,,,requester", "9002,李强,,水电班,li@example.org,leader", "9003,赵敏,,,,",
        )  # fmt: skip

        nurse = Membership.objects.get(staff_number="9001")
        assert nurse.unit == world.a.ward
        assert access.hospitals_with(nurse.user, order.ORDER_REPORT) == {world.a.id}
        leader = Membership.objects.get(staff_number="9002")
        assert leader.is_leader
        assert Grant.objects.get(user=leader.user, role__key="leader").team == world.a.team
        assert Membership.objects.get(staff_number="9003").user.email is None


def test_bad_people_are_named(world):
    lines = (
        "工号,姓名,科室,班组,邮箱,角色",
        "1001,x,,,,",
        "9001,,nowhere,,not-an-address,king",
        "9002,y,,,rita@example.org,requester",
        "9003,z,,,,worker",
        "9003,z,,,,",
    )
    with scope_of(world.ada):
        cells = bad_cells(world, world.ada, "people", *lines)

    assert cells == {"A2", "B3", "C3", "E3", "F3", "E4", "C4", "D5", "A6"}


def test_nobody_gives_a_role_they_do_not_hold(world):
    with scope_of(world.ada):
        grants = Grant.objects.filter(user=world.ada, role__key="administrator").select_related("role")
        role = grants.get().role
        role.permissions = [name for name in role.permissions if name != order.ORDER_VOID]
        role.save()
        access.forget(world.ada)

        assert bad_cells(world, world.ada, "people", "工号,姓名,角色", "9001,王芳,desk") == {"C2"}

"""The service catalogue as heads and wards see it."""

import pytest

from flow.models import Event
from people import domain as people
from tests.factories.workorders import order, service
from workorders.models import Problem, Service

pytestmark = pytest.mark.django_db


def form_of(found, **changes):
    """What a browser sends when the form is saved as it stands."""
    data = {
        "urgency": found.urgency,
        "points": "1",
        "usual_minutes": "30",
        "form_key": "6f1b0c9e-5f0e-4b7c-9a51-0d6a3c1c7d11",
    }
    data |= {"needs_signature": "on", "active": "on", "own_name": "", "own_musts": "", "own_question": ""}
    for kind in ("respond", "complete"):
        for urgency in ("normal", "urgent", "critical"):
            data |= {f"{kind}_{urgency}_0": getattr(found, f"{kind}_{urgency}"), f"{kind}_{urgency}_1": "1"}
    data |= {f"clock_{urgency}": getattr(found, f"clock_{urgency}") for urgency in ("normal", "urgent", "critical")}
    return data | changes


def test_list_shows_the_promise_of_ones_hospital(world, act, browse):
    answer = browse(world.rita).get("/services/?department=maintenance")

    page = answer.content.decode()
    with act():
        found = service(world)
        elsewhere = service(world, site=world.b)
    assert f"/services/{found.pk}/" in page
    assert f"/services/{elsewhere.pk}/" not in page


def test_head_changes_limits_and_open_orders_keep_theirs(world, act, browse):
    with act():
        found, made = service(world), order(world)
    data = form_of(found, respond_normal_0="2", respond_normal_1="60", own_name="水暖", own_musts="先关阀门\n清理现场")
    data["clock_normal"] = "working"

    answer = browse(world.hal).post(f"/services/{found.pk}/edit/", data)

    assert answer.status_code == 303
    with act():
        now = Service.objects.get(pk=found.pk)
        assert (now.respond_normal, str(now), now.musts) == (120, "水暖", ["先关阀门", "清理现场"])
        assert now.clock_normal == "working"
        assert order(world).respond_by > made.respond_by
        assert "own_name" in Event.objects.get(verb="edited").data["changes"]


def test_answer_later_than_due_is_refused_beside_the_field(world, act, browse):
    with act():
        found = service(world)

    data = form_of(found, respond_normal_0="30", respond_normal_1="1440")
    answer = browse(world.hal).post(f"/services/{found.pk}/edit/", data)

    assert answer.status_code == 422
    assert "respond_normal" in answer.context["form"].errors


def test_wards_and_other_departments_change_nothing(world, act, browse):
    with act():
        ours, cleaning = service(world), service(world, "cleaning.on_call")

    assert browse(world.rita).get(f"/services/{ours.pk}/").status_code == 200
    assert browse(world.rita).get(f"/services/{ours.pk}/edit/").status_code == 403
    assert browse(world.hal).get(f"/services/{cleaning.pk}/edit/").status_code == 403
    assert browse(world.hal_b).get(f"/services/{ours.pk}/").status_code == 404


def test_picture_is_added_renamed_and_hidden(world, act, browse):
    with act():
        found = service(world)
    hal = browse(world.hal)

    hal.post(f"/services/{found.pk}/pictures/new/", {"own_name": "热水不热", "icon": "temperature", "order": "5"})
    with act():
        made = Problem.objects.get(own_name="热水不热")
        assert (made.service_id, made.active) == (found.pk, True)
    hal.post(f"/services/{found.pk}/pictures/{made.pk}/", {"own_name": "无热水", "icon": "temperature", "order": "5"})

    with act():
        made.refresh_from_db()
        assert (made.own_name, made.active) == ("无热水", False)
    assert "无热水" not in browse(world.rita).get(f"/services/{found.pk}/").content.decode()


def test_merged_service_hands_its_open_orders_over(world, act, browse):
    with act():
        old, into = service(world, "maintenance.climate"), service(world)
        open_one, closed = order(world, service=old), order(world, "close", service=old)

    answer = browse(world.hal).post(f"/services/{old.pk}/merge/", {"into": into.pk})

    assert answer.status_code == 303
    with act():
        open_one.refresh_from_db()
        closed.refresh_from_db()
        old.refresh_from_db()
        assert (open_one.service_id, closed.service_id) == (into.pk, old.pk)
        assert (old.active, old.merged_into_id) == (False, into.pk)


@pytest.mark.parametrize("page", ["", "edit/", "merge/", "pictures/new/"])
def test_every_page_of_a_service_opens(world, act, browse, page):
    with act():
        found = service(world)

    assert browse(world.hal).get(f"/services/{found.pk}/{page}").status_code == 200


def test_head_says_which_skill_the_work_needs_and_the_desk_is_told_who_lacks_it(world, act, browse):
    with act():
        found, made = service(world), order(world)
        skill = people.add_skill(world.ada, world.a.hospital, name="管道工")

    saved = browse(world.hal).post(f"/services/{found.pk}/skills/", {"skills": [skill.pk], "form_key": "k"})

    assert saved.status_code == 303
    assert "管道工" in browse(world.hal).get(f"/services/{found.pk}/").content.decode()
    advice = browse(world.dan).get(f"/desk/{made.pk}/").context["advice"]
    assert advice and all(any("管道工" in reason for reason in one.bad) for one in advice)

"""The list of orders and the page of one order."""

import io
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image
from pypdf import PdfReader

from flow import domain as flow
from flow.models import Attachment, Event
from tests.factories import rounds as make
from tests.factories.inspections import asset
from tests.factories.workorders import order
from workorders import domain
from workorders.machine import ORDERS
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db


def photo(color="red"):
    out = io.BytesIO()
    Image.new("RGB", (30, 20), color).save(out, "JPEG")
    return SimpleUploadedFile("tap.jpg", out.getvalue(), "image/jpeg")


def statements(client, url, most):
    client.get(url)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        answer = client.get(url)
    real = [q["sql"] for q in seen if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "SELECT set_config"))]
    assert answer.status_code == 200
    assert len(real) <= most, "\n".join(real)
    return answer


def test_list_shows_exactly_what_the_person_may_see(world, act, browse):
    with act():
        mine = order(world)
        other = order(world, unit=world.a.other_ward, place=world.a.other_room, title="灯不亮")

    rita = browse(world.rita).get("/orders/").content.decode()
    dan = browse(world.dan).get("/orders/").content.decode()
    dan_b = browse(world.dan_b).get("/orders/").content.decode()

    assert mine.number in rita and other.number not in rita
    assert mine.number in dan and other.number in dan
    assert mine.number not in dan_b


def test_list_costs_five_statements(world, act, browse):
    with act():
        for _ in range(3):
            order(world, "dispatch")

    statements(browse(world.dan), "/orders/", 5)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=open", {"new", "held", "working"}),
        ("state=live", {"new", "held", "working", "done"}),
        ("state=done", {"done"}),
        ("department=maintenance", {"new", "held", "working", "done", "signed"}),
        ("department=cleaning", set()),
        ("waiting=material", {"held"}),
        ("waiting=access", set()),
        ("on_time=yes", {"done", "signed"}),
        ("on_time=no", {"new", "held", "working"}),
        ("signed=yes", {"signed"}),
        ("rated=yes", {"signed"}),
        ("rated=no", {"new", "held", "working", "done"}),
        ("overdue=yes", set()),
        ("reported_from=2020-01-01&reported_to=2020-12-31", set()),
        ("search=held", {"held"}),
        ("search=护士站", {"new", "held", "working", "done", "signed"}),
    ],
)
def test_list_is_narrowed_by_what_figures_link_with(world, act, browse, query, found):
    with act():
        order(world, title="new")
        held = order(world, "arrive", title="held")
        ORDERS.move(held, "wait", world.tom, waiting_reason="material")
        order(world, "arrive", title="working")
        order(world, "finish", title="done")
        order(world, "sign", title="signed")

    page = browse(world.dan).get(f"/orders/?{query}").content.decode()

    assert {name for name in ("new", "held", "working", "done", "signed") if f">{name}</a>" in page} == found


def test_list_is_narrowed_by_place_unit_team_person_and_hospital(world, act, browse):
    with act():
        here = order(world, "dispatch")
        there = order(world, unit=world.a.other_ward, place=world.a.other_room)
    dan = browse(world.dan)

    for query in (
        f"place={world.a.building.path}", f"unit={world.a.ward.pk}", f"team={world.a.team.pk}",
        f"assignee={world.tom.pk}", f"hospital={world.a.id}&place={world.a.floor.path}",
    ):  # fmt: skip
        page = dan.get(f"/orders/?{query}").content.decode()
        assert here.number in page and there.number not in page, query
    assert here.number not in dan.get(f"/orders/?hospital={world.b.id}").content.decode()


def test_list_as_workbook(world, act, browse):
    with act():
        order(world)

    answer = browse(world.dan).get("/orders/?export=xlsx")

    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert answer.content.startswith(b"PK")


def test_record_tells_what_happened_in_sentences(world, act, browse):
    with act():
        made = order(world, "sign")
        domain.edit_order(made, world.dan, urgency="urgent")
        domain.add_line(made, world.tom, kind="part", text="密封圈", price=3)
    world.dan.language = "en"
    world.dan.save()

    answer = statements(browse(world.dan), f"/orders/{made.pk}/", 10)

    page = answer.content.decode()
    assert "Dan changed the urgency from Normal to Urgent" in page
    assert "to 水电班 · Tom" in page
    assert "密封圈" in page and "3.00" in page
    assert "attitude ★★★★★" in page


def test_record_hides_cost_from_wards_and_itself_from_others(world, act, browse):
    with act():
        made = order(world, "arrive")
        domain.add_line(made, world.tom, kind="part", text="密封圈", price=Decimal("77.31"))

    assert "77.31" not in browse(world.rita).get(f"/orders/{made.pk}/").content.decode()
    assert browse(world.dan_b).get(f"/orders/{made.pk}/").status_code == 404
    assert browse(world.rita).get(f"/orders/{made.pk}/edit/").status_code == 403


def test_edit_moves_the_limit_and_keeps_old_and_new(world, act, browse):
    with act():
        made = order(world)
    data = {"title": "水管漏水", "place": made.place_id, "unit": made.unit_id, "urgency": "critical", "form_key": "k1"}

    answer = browse(world.dan).post(f"/orders/{made.pk}/edit/", data)

    assert answer.status_code == 303
    with act():
        now = WorkOrder.objects.get(pk=made.pk)
        assert (now.title, now.urgency) == ("水管漏水", "critical")
        assert now.due_at < made.due_at
        assert Event.objects.get(subject_id=made.pk, verb="edited").data["changes"]["title"] == [
            "水龙头滴水",
            "水管漏水",
        ]


def test_remark_is_added_once_and_an_empty_one_is_refused(world, act, browse):
    with act():
        made = order(world)
    rita, url = browse(world.rita), f"/orders/{made.pk}/comment/"

    rita.post(url, {"text": "请快一点", "form_key": "one"})
    again = rita.post(url, {"text": "请快一点", "form_key": "one"})
    empty = rita.post(url, {"text": " ", "form_key": "two"})

    assert (again.status_code, empty.status_code) == (303, 422)
    with act():
        assert Event.objects.filter(verb="commented").count() == 1


def test_photo_is_seen_by_those_who_see_the_order_only(world, act, browse):
    with act():
        made = order(world)
    rita = browse(world.rita)

    rita.post(f"/orders/{made.pk}/attach/", {"upload": photo(), "kind": "before", "form_key": "f"})

    with act():
        file = Attachment.objects.get()
    answer = rita.get(f"/files/{file.pk}/")
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer["Cache-Control"]
    assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
    assert rita.get(f"/files/{file.pk}/", headers={"If-None-Match": answer["ETag"]}).status_code == 304
    assert browse(world.dan_b).get(f"/files/{file.pk}/").status_code == 404
    assert browse(world.tom).get(f"/files/{file.pk}/").status_code == 200


def test_wrong_file_is_refused_beside_its_field(world, act, browse):
    with act():
        made = order(world)
    wrong = SimpleUploadedFile("x.html", b"<script>", "text/html")

    answer = browse(world.rita).post(f"/orders/{made.pk}/attach/", {"upload": wrong, "kind": "before"})

    assert answer.status_code == 422
    with act():
        assert not Attachment.objects.exists()


def test_lines_are_entered_and_taken_out_by_who_works(world, act, browse):
    with act():
        made = order(world, "arrive")
    tom, data = browse(world.tom), {"kind": "part", "text": "阀门", "quantity": "2", "price": "12.50", "minutes": "0"}

    tom.post(f"/orders/{made.pk}/lines/", {**data, "form_key": "l"})

    with act():
        line = made.lines.get()
        assert WorkOrder.objects.get(pk=made.pk).cost == 25
    assert browse(world.rita).post(f"/orders/{made.pk}/lines/", data).status_code == 403
    tom.post(f"/orders/{made.pk}/lines/{line.pk}/remove/")
    with act():
        assert WorkOrder.objects.get(pk=made.pk).cost == 0


def test_slip_is_in_chinese_with_a_code_back(world, act, browse):
    with act():
        made = order(world, "sign")

    for size in ("A4", "A5"):
        answer = browse(world.dan).get(f"/orders/{made.pk}/slip.pdf?size={size}")
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
        assert made.number in text and "水龙头滴水" in text and "Rita" in text


@pytest.mark.parametrize(
    ("step", "who"), [("dispatch", "dan"), ("transfer", "dan"), ("void", "dan"), ("withdraw", "rita")]
)
def test_steps_ask_what_they_need(world, act, browse, step, who):
    with act():
        made = order(world)

    answer = browse(getattr(world, who)).get(f"/orders/{made.pk}/move/{step}/")

    assert answer.status_code == 200


def test_dispatch_offers_the_team_and_its_people_with_their_open_work(world, act, browse):
    with act():
        order(world, "dispatch")
        made = order(world)
    dan = browse(world.dan)

    page = dan.get(f"/orders/{made.pk}/move/dispatch/").content.decode()
    answer = dan.post(f"/orders/{made.pk}/move/dispatch/", {"to": f"{world.a.team.pk}-{world.tom.pk}"})

    assert "Tom" in page and "Lea" in page
    assert answer.status_code == 303
    with act():
        now = WorkOrder.objects.get(pk=made.pk)
        assert (now.state, now.team, now.assignee) == ("dispatched", world.a.team, world.tom)


def test_dispatch_to_a_team_of_another_department_is_not_offered(world, act, browse):
    with act():
        made = order(world)

    answer = browse(world.dan).post(f"/orders/{made.pk}/move/dispatch/", {"to": f"{world.a.cleaners.pk}"})

    assert answer.status_code == 422


def test_all_steps_from_the_record_to_the_signature(world, act, browse):
    """Dan dispatches, Tom accepts, arrives, finishes with the musts; Rita signs with stars."""
    with act():
        made = order(world)
    base, tom = f"/orders/{made.pk}/move", browse(world.tom)

    browse(world.dan).post(f"{base}/dispatch/", {"to": f"{world.a.team.pk}-{world.tom.pk}"})
    tom.post(f"{base}/accept/")
    tom.post(f"{base}/arrive/")
    refused = tom.post(f"{base}/finish/", {"musts": [], "minutes": "5"})
    tom.post(f"{base}/finish/", {"musts": made.service.musts, "remedy": "换了", "minutes": "5"})
    browse(world.rita).post(f"{base}/sign/", {"attitude": "5", "skill": "4", "comment": "谢谢"})

    assert refused.status_code == 422
    with act():
        now = WorkOrder.objects.get(pk=made.pk)
        assert (now.state, now.attitude, now.skill, now.speed) == ("signed", 5, 4, None)
        assert (now.minutes, now.remedy, now.signed_way) == (5, "换了", "own")


def test_ward_signs_on_the_screen_of_the_technician(world, act, browse):
    import base64

    out = io.BytesIO()
    Image.new("RGBA", (60, 30)).save(out, "PNG")
    drawing = "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
    with act():
        made = order(world, "finish")
    url = f"/orders/{made.pk}/move/sign_on_screen/"

    without = browse(world.tom).post(url, {"name": "Rita"})
    answer = browse(world.tom).post(url, {"name": "Rita", "signature": drawing})

    assert (without.status_code, answer.status_code) == (422, 303)
    with act():
        now = WorkOrder.objects.get(pk=made.pk)
        assert (now.state, now.signed_way, now.signed_name) == ("signed", "screen", "Rita")
        assert Attachment.objects.get().kind == "signature"


def test_place_is_found_by_name_initials_code_and_extension(world, browse):
    dan = browse(world.dan)

    for words in ("护士", "hsz", "B1-301", "8301", "门诊 护士"):
        assert "护士站" in dan.get("/orders/places/", {"q": words}).content.decode(), words
    assert "护士站" not in dan.get("/orders/places/", {"q": "8999"}).content.decode()


def test_step_in_the_sheet_that_comes_too_late_is_told_in_the_sheet(world, act, browse):
    with act():
        made = order(world, "dispatch")

    url, data = f"/orders/{made.pk}/move/dispatch/", {"to": f"{world.a.other_team.pk}"}
    answer = browse(world.max).post(url, data, headers={"HX-Request": "true"})

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Dan" in page and "<html" not in page


def test_record_names_what_the_reader_may_not_open_without_a_link(world, act, browse):
    with act():
        pump = asset(world)
        found = order(world, asset=pump)
        pumps = make.one(world)
        flow.record(found, "from_round", world.tom, data={"round": pumps.pk, "text": "水泵周检"})

    rita = browse(world.rita).get(f"/orders/{found.pk}/").content.decode()
    dan = browse(world.dan).get(f"/orders/{found.pk}/").content.decode()

    assert pump.name in rita and f"/assets/{pump.pk}/" not in rita and f"/inspections/rounds/{pumps.pk}/" not in rita
    assert f"/assets/{pump.pk}/" in dan and f"/inspections/rounds/{pumps.pk}/" in dan

"""The builder over HTTP: nothing typed is lost, every button works without script, wrong boxes are named."""

import re
from decimal import Decimal
from html import unescape

import pytest

from inspections import editions
from inspections.builder import TYPED, choices
from inspections.models import Checklist
from inspections.shipping import ship
from inspections.states import CURRENT, DRAFT
from tenancy.scope import scope
from tests.factories import checklists as make


@pytest.fixture
def own(world, client):
    with scope([world.a.id, world.b.id]):
        own = make.checklist(world.a.hospital)
        editions.draft(world.hal, own)
    client.force_login(world.hal, backend="tenancy.backends.SignInBackend")
    return own


def url(own, page="builder"):
    return f"/inspections/checklists/{own.pk}/{page}/"


def rows_of(world, own):
    with scope([world.a.id]):
        return list(own.editions.get(state=DRAFT).items.all())


def sent(client, own, **more):
    """What the page would send if nothing were changed on it."""
    page = client.get(url(own))
    data = {"row": [row.id for row in page.context["rows"]]}
    for row in page.context["rows"]:
        data |= {f"{row.id}-{name}": value for name, value in row.typed.items() if value}
    return data | more


def test_page_shows_the_draft_and_saving_it_unchanged_changes_nothing(world, client, own):
    before = [(i.key, i.text, i.low, i.high, i.options, i.passing, i.required) for i in rows_of(world, own)]
    response = client.post(url(own), sent(client, own, do="save"))

    assert response.status_code == 303
    assert [(i.key, i.text, i.low, i.high, i.options, i.passing, i.required) for i in rows_of(world, own)] == before
    assert before[1][2:4] == (Decimal(24), Decimal("28.5")) and before[2][4:6] == (["正常", "浑浊"], ["正常"])


def test_wrong_boxes_are_named_and_what_was_typed_stays(world, client, own):
    data = sent(client, own, do="save")
    oil, volts, colour = data["row"]
    data |= {f"{oil}-text": "", f"{volts}-low": "zwei", f"{colour}-choices": "*一\n一", f"{oil}-hint": "细看"}
    response = client.post(url(own), data)
    rows = response.context["rows"]

    assert response.status_code == 422
    assert [set(row.wrong) for row in rows] == [{"text"}, {"low"}, {"choices"}]
    assert (rows[1].typed["low"], rows[0].typed["hint"]) == ("zwei", "细看")
    assert "zwei" in response.text and "细看" in response.text
    assert [item.text for item in rows_of(world, own)] == ["机油液位", "蓄电池电压", "冷却液颜色"]


def test_wrong_head_saves_no_items_either(world, client, own):
    data = sent(client, own, do="save", valid_from="2027-01-01", valid_until="2026-01-01")
    data[f"{data['row'][0]}-text"] = "改了"
    response = client.post(url(own), data)

    assert response.status_code == 422 and response.context["form"].errors
    assert rows_of(world, own)[0].text == "机油液位"


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ({"valid_from": "2027-01-01", "valid_until": "2026-01-01"}, "valid_until"),
        ({"valid_from": "0001-01-01"}, "valid_from"),
        ({"valid_until": "9999-12-31"}, "valid_until"),
    ],
)
def test_days_of_a_standard_that_cannot_be_are_named_beside_their_box(client, own, typed, named):
    response = client.post(url(own), sent(client, own, do="save", **typed))

    assert response.status_code == 422 and list(response.context["form"].errors) == [named]


def test_sign_no_text_can_hold_is_left_out(world, client, own):
    data = sent(client, own, do="save")
    data[f"{data['row'][0]}-text"] = "机油\0液位"

    assert client.post(url(own), data).status_code == 303
    assert rows_of(world, own)[0].text == "机油液位"


def test_two_hundred_items_are_saved(world, client, own):
    """What an assessment of a firm may have; the page sends every box of each."""
    data = sent(client, own, do="save")
    boxes = {name: client.get(url(own)).context["rows"][0].typed.get(name, "") for name in TYPED}
    data["row"] = [f"r{n}" for n in range(200)]
    data |= {f"r{n}-{name}": value for n in range(200) for name, value in {**boxes, "key": ""}.items()}

    assert client.post(url(own), data).status_code == 303
    assert len(rows_of(world, own)) == 200


@pytest.mark.parametrize(
    ("what", "order"),
    [
        ("up-{1}", [1, 0, 2]),
        ("down-{1}", [0, 2, 1]),
        ("remove-{0}", [1, 2]),
        ("up-{0}", [0, 1, 2]),
        ("down-{2}", [0, 1, 2]),
    ],
)
def test_buttons_arrange_without_script_and_save_nothing(world, client, own, what, order):
    data = sent(client, own)
    ids = data["row"]
    response = client.post(url(own), {**data, "do": what.format(*ids), f"{ids[1]}-text": "正在写"})

    assert response.status_code == 200
    assert [row.id for row in response.context["rows"]] == [ids[n] for n in order]
    assert any(row.typed["text"] == "正在写" for row in response.context["rows"])
    assert len(rows_of(world, own)) == 3 and rows_of(world, own)[1].text == "蓄电池电压"


def test_added_row_takes_the_section_and_is_kept_in_its_place(world, client, own):
    data = sent(client, own)
    data[f"{data['row'][2]}-section"] = "机组"
    added = client.post(url(own), {**data, "do": "add"}).context["rows"][-1]
    assert added.typed["section"] == "机组"

    data["row"] = [added.id, *data["row"]]
    data |= {f"{added.id}-text": "皮带", f"{added.id}-kind": "check", f"{added.id}-photo": "always"}
    data |= {f"{added.id}-weight": "serious", f"{added.id}-on_fail": "order", "do": "publish"}
    response = client.post(url(own), data)
    assert response.headers["Location"].endswith("/publish/2/")
    assert [item.text for item in rows_of(world, own)] == ["皮带", "机油液位", "蓄电池电压", "冷却液颜色"]


def test_preview_shows_unfinished_items_as_the_phone_would(client, own):
    data = sent(client, own, do="preview")
    data |= {f"{data['row'][1]}-low": "nonsense", f"{data['row'][0]}-text": "<b>油</b>"}
    response = client.post(url(own), data, headers={"HX-Request": "true"})

    assert response.status_code == 200
    assert "&lt;b&gt;油" in response.text and "<html" not in response.text and "28.5" in response.text


def test_from_draft_to_publication_by_the_pages(world, client, own):
    assert client.get(url(own, "publish/2")).status_code == 200
    response = client.post(url(own, "publish/2"), {"note": "年度更新"})
    with scope([world.a.id]):
        edition = own.editions.get(state=CURRENT)

    assert response.status_code == 303 and (edition.number, edition.note) == (2, "年度更新")
    assert client.get(url(own)).status_code == 302, "no draft any more"
    assert client.post(url(own), {"do": "save"}).status_code == 303
    assert client.post(url(own, "draft")).headers["Location"] == url(own)
    assert "年度更新" in client.get(f"/inspections/checklists/{own.pk}/").text


def test_publishing_twice_leads_to_what_is_published(world, client, own):
    """A double tap, or somebody else was quicker."""
    first = client.post(url(own, "publish/2"), {"note": "年度更新"})
    second = client.post(url(own, "publish/2"), {"note": "又一次"}, follow=True)

    assert first.headers["Location"] == f"/inspections/checklists/{own.pk}/"
    assert second.status_code == 200 and "第 2 版已经发布" in second.text
    with scope([world.a.id]):
        assert own.editions.get(state=CURRENT).note == "年度更新"


def test_new_checklist_begins_with_the_items_of_another(world, client, own):
    page = client.get("/inspections/checklists/new/")
    assert page.status_code == 200
    data = {"name": "我院发电机", "department": "maintenance", "whose": str(world.a.id), "like": str(own.pk)}
    made = client.post("/inspections/checklists/new/", data)

    with scope([world.a.id]):
        copied = own.__class__.objects.get(own_name="我院发电机")
        assert [i.text for i in copied.editions.get().items.all()] == ["机油液位", "蓄电池电压", "冷却液颜色"]
    assert made.headers["Location"] == f"/inspections/checklists/{copied.pk}/"


def test_new_assessment_begins_with_nothing(world, client, own):
    data = {"name": "保洁外包考核", "department": "maintenance", "whose": str(world.a.id), "assesses": "on"}
    page = client.post("/inspections/checklists/new/", data, follow=True)

    assert page.status_code == 200 and page.context["full_score"] == 0
    with scope([world.a.id]):
        made = Checklist.objects.get(own_name="保洁外包考核")
    assert client.get(url(made)).status_code == 200


def test_new_checklist_is_offered_for_the_departments_one_writes_for(world, client, own):
    offered = client.get("/inspections/checklists/new/").context["form"].fields["department"].choices
    refused = client.post(
        "/inspections/checklists/new/", {"name": "x", "department": "catering", "whose": str(world.a.id)}
    )

    assert [key for key, _label in offered] == ["maintenance"]
    assert refused.status_code == 422, "beside the field, with what was typed"
    client.force_login(world.ada, backend="tenancy.backends.SignInBackend")
    assert len(client.get("/inspections/checklists/new/").context["form"].fields["department"].choices) == 5


def test_list_shows_flags_and_searches_by_name(world, client, own):
    page = client.get("/inspections/checklists/?search=发电机")
    assert page.status_code == 200 and "发电机检查" in page.text and "草稿" in page.text
    assert "发电机检查" not in client.get("/inspections/checklists/?search=电梯").text
    assert "发电机检查" not in client.get("/inspections/checklists/?department=catering").text
    assert "发电机检查" not in client.get("/inspections/checklists/?look=retired").text


def test_choices_are_read_line_by_line():
    assert choices("*好\n 一般 \n\n＊ 较好") == (["好", "一般", "较好"], ["好", "较好"])
    assert choices("") == ([], [])


def test_copy_of_a_shipped_checklist_begins_with_its_name(world, client, own):
    """The head copies a checklist of the platform: two taps, nothing to think up."""
    with scope([world.a.id, world.b.id]):
        ship(world.consortium)
        shipped = Checklist.objects.filter(department="maintenance").exclude(shipped_name="").order_by("pk").first()
        name = str(shipped)
    page = client.get(f"/inspections/checklists/{shipped.pk}/").text
    link = unescape(re.search(r'href="(/inspections/checklists/new/[^"]+)"', page)[1])
    form = client.get(link).context["form"]

    assert form["name"].value() == name and str(form["like"].value()) == str(shipped.pk)


def test_of_two_who_save_a_draft_at_once_the_second_throws_nothing_away(world, client, own):
    drawn = {"drawn": client.get(url(own)).context["drawn"], "do": "save"}
    data = sent(client, own) | drawn
    oil, volts = data["row"][:2]

    first = client.post(url(own), data | {f"{oil}-hint": "先看油位"})
    twice = client.post(url(own), data | {f"{oil}-hint": "先看油位"})
    second = client.post(url(own), data | {f"{volts}-hint": "再看电压"})

    assert (first.status_code, twice.status_code, second.status_code) == (303, 303, 409)
    assert "再看电压" in second.content.decode()  # what was typed is not lost
    assert [item.hint for item in rows_of(world, own)][:2] == ["先看油位", ""]

"""A manager keeps the register: finds a thing by its initials in one search, moves it, condemns it with a reason."""

import re

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from assets import domain
from assets.machine import ASSETS
from assets.models import Asset, Kind
from flow.models import Attachment, Event
from tenancy.domain import door_for
from tenancy.models import Door
from tenancy.scope import scope, scope_of
from ui import history

pytestmark = pytest.mark.django_db


@pytest.fixture
def max_client(client, register):
    client.force_login(register.max)
    return client


def body(answer):
    return answer.content.decode()


@pytest.mark.parametrize("query", ["search=输液", "search=syb", "search=p-1", "search=SN-77", "family=medical"])
def test_asset_is_found_by_name_initials_code_and_serial(max_client, query):
    shown = body(max_client.get(f"/assets/?{query}"))

    assert "输液泵" in shown
    assert "1 号客梯" not in shown
    assert "秘密泵" not in shown


def test_list_stays_small_in_queries(max_client, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):  # with session, person and scope
        max_client.get("/assets/")


def test_place_filter_takes_what_lies_below(max_client, register):
    assert "输液泵" in body(max_client.get(f"/assets/?place={register.a.building.pk}"))
    assert "输液泵" not in body(max_client.get(f"/assets/?place={register.a.other_building.pk}"))


def test_register_goes_out_as_workbook(max_client):
    answer = max_client.get("/assets/?export=xlsx")

    assert answer["Content-Type"].endswith("spreadsheetml.sheet")


def test_asset_is_entered_with_a_new_kind(max_client, register):
    sent = {"name": "冷水机", "code": "C-9", "new_kind": "Chiller", "family": "building", "criticality": "high"}

    answer = max_client.post("/assets/new/", {**sent, "place": register.a.room.pk})

    assert answer.status_code == 303, body(answer)
    assert "冷水机" in body(max_client.get(answer["Location"]))
    with scope([register.a.id]):
        assert Kind.objects.get(name="Chiller").family == "building"


def test_code_that_is_taken_is_told_beside_its_field(max_client, register):
    sent = {"name": "x", "code": "P-1", "new_kind": "Chiller", "family": "building", "criticality": "high"}

    answer = max_client.post("/assets/new/", {**sent, "place": register.a.room.pk})

    assert answer.status_code == 422
    assert "field-error" in body(answer)


def test_value_below_zero_is_told_beside_its_field(max_client, register):
    sent = {"name": "x", "code": "C-8", "new_kind": "Chiller", "family": "building", "criticality": "high"}

    answer = max_client.post("/assets/new/", {**sent, "place": register.a.room.pk, "value": "-1"})

    assert answer.status_code == 422
    assert 'id="id_value_error"' in body(answer)


def test_change_of_a_choice_is_told_in_words(max_client, register):
    client = max_client
    with scope_of(register.max):
        domain.edit_asset(register.max, register.pump, criticality="high")
    page = re.sub(r"<[^>]+>", "", body(client.get(f"/assets/{register.pump.pk}/")))

    assert "从 一般 改为 重要" in page


@pytest.mark.parametrize("language", ["zh-hans", "zh-hant"])
def test_what_was_entered_is_told_by_our_word_and_no_other_package_s(language):
    with translation.override(language):
        assert str(history.WORDS["created"]) == "新建"


def test_yes_and_no_are_told_in_words():
    event = Event(subject="inspections.plan", data={"changes": {"ordered": [False, True]}})

    with translation.override("zh-hans"):
        assert history.changes(event)[0].endswith("从 否 改为 是")


def test_moved_asset_takes_its_door_along(register):
    with scope_of(register.max):
        door_for(place=register.a.room, asset_id=register.pump.pk)
        domain.edit_asset(register.max, register.pump, place=register.a.other_room)

        assert Door.objects.get(asset_id=register.pump.pk).place_id == register.a.other_room.pk
        changes = Event.objects.get(subject="assets.asset", verb="edited").data["changes"]
        assert "201" in changes["place"][1]


def test_condemned_needs_a_reason_and_stays_condemned(register):
    with scope_of(register.max):
        with pytest.raises(ValidationError):
            ASSETS.move(register.pump, "condemn", register.max, reason=" ")
        ASSETS.move(register.pump, "condemn", register.max, reason="Beyond repair")

        with pytest.raises(ValidationError):
            domain.edit_asset(register.max, register.pump, name="x")
        assert Event.objects.filter(subject="assets.asset", verb="condemn").get().data["reason"] == "Beyond repair"


def test_desk_sees_but_does_not_change(client, register):
    client.force_login(register.dan)

    assert client.get(f"/assets/{register.pump.pk}/").status_code == 200
    assert client.get(f"/assets/{register.pump.pk}/edit/").status_code == 403
    assert client.post(f"/assets/{register.pump.pk}/move/condemn/", {"reason": "x"}).status_code == 403
    with scope_of(register.dan), pytest.raises(PermissionDenied):
        domain.edit_asset(register.dan, register.pump, name="x")


@pytest.mark.parametrize("page", ["", "edit/", "attach/", "label.pdf", "move/condemn/"])
def test_other_hospital_does_not_exist(max_client, register, page):
    assert max_client.get(f"/assets/{register.pump_b.pk}/{page}").status_code == 404


def test_document_is_added_once(max_client, register):
    for _time in range(2):
        file = SimpleUploadedFile("manual.pdf", b"%PDF-1.4 manual")
        answer = max_client.post(f"/assets/{register.pump.pk}/attach/", {"file": file, "kind": "document"})
        assert answer.status_code == 303, body(answer)

    assert "manual" in body(max_client.get(f"/assets/{register.pump.pk}/"))
    with scope([register.a.id]):
        attachment = Attachment.objects.get()
    assert max_client.get(f"/files/{attachment.pk}/").status_code == 200
    max_client.force_login(register.max_b)
    assert max_client.get(f"/files/{attachment.pk}/").status_code == 404


def test_file_that_lies_about_its_type_is_refused(max_client, register):
    file = SimpleUploadedFile("photo.jpg", b"<script>alert(1)</script>")

    answer = max_client.post(f"/assets/{register.pump.pk}/attach/", {"file": file, "kind": "document"})

    assert answer.status_code == 422


@pytest.mark.parametrize("size", ["a4", "40x30"])
def test_labels_open_doors(client, register, size):
    client.force_login(register.ada)
    for page in ("labels", "place-labels"):
        answer = client.get(f"/assets/{page}/?place={register.a.root.pk}&size={size}")
        assert answer.content.startswith(b"%PDF"), body(answer)
        client.get(f"/assets/{page}/?place={register.a.root.pk}&size={size}")

    with scope([register.a.id]):
        assert Door.objects.filter(asset_id__isnull=False).count() == Asset.objects.count()
    assert Door.objects.filter(asset_id=None, hospital=register.a.id).count() == 7


def test_one_label_and_a_place_of_another_hospital(client, register):
    client.force_login(register.max)

    assert client.get(f"/assets/{register.pump.pk}/label.pdf").content.startswith(b"%PDF")
    assert client.get(f"/assets/labels/?place={register.b.root.pk}&size=a4").status_code == 422
    assert client.get("/assets/place-labels/").status_code == 403


@pytest.mark.parametrize(
    ("of", "there"),
    [("of=maintenance", True), ("by=department&ref=maintenance", True), ("of=security", False)],
)
def test_list_behind_the_figure_of_a_department_shows_what_the_department_keeps(client, register, of, there):
    client.force_login(register.max)
    asked = f"figure=assets.intact&part=denominator&first=2026-11-01&last=2026-11-22&at={register.a.id}"

    assert "输液泵" in body(client.get(f"/assets/?{asked}"))
    assert ("输液泵" in body(client.get(f"/assets/?{asked}&{of}"))) == there

"""The pages of the register, as the people of the hospital use them."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from hazards.machine import HAZARDS
from hazards.models import Hazard
from tests.hazards.conftest import photo, report

pytestmark = pytest.mark.django_db


def assigned(world, **facts):
    due = timezone.localdate() + timedelta(days=3)
    return HAZARDS.move(report(world, **facts), "assign", world.hal, responsible=world.tom, due_on=due)


def test_anybody_of_the_staff_reports_in_three_taps_with_a_photo(installed, act, browse):
    world, client = installed, browse(installed.tom)
    what = reverse("hazards:report_what", args=[world.a.other_room.pk])
    send = reverse("hazards:report_send", args=[world.a.other_room.pk, "security.exit"])

    assert client.get(reverse("hazards:report")).status_code == 200
    assert send in client.get(what).content.decode()
    key = "5d0a6b9e-4a0e-4a43-8f4b-0c2f6c1f1a11"
    for _twice in range(2):
        answer = client.post(send, {"grade": "major", "photos": photo(), "form_key": key})
        assert answer.status_code == 303

    with act():
        hazard = Hazard.objects.get()
        assert (hazard.title, hazard.department, hazard.grade) == ("消防通道堵塞或上锁", "security", "major")
        assert (hazard.place, hazard.unit, hazard.found_by) == (world.a.other_room, world.a.other_ward, world.tom)


def test_something_else_asks_what_it_is_and_who_should_look(installed, act, browse):
    send = reverse("hazards:report_send", args=[installed.a.room.pk, "other"])
    client = browse(installed.rita)

    assert client.post(send, {"grade": "general"}).status_code == 422
    facts = {"grade": "general", "title": "窗户松动", "department": "maintenance"}
    answer = client.post(send, facts)

    with act():
        hazard = Hazard.objects.get()
    assert answer.headers["Location"] == reverse("hazards:hazard", args=[hazard.pk])
    assert client.get(reverse("hazards:report_send", args=[installed.a.room.pk, "laundry.x"])).status_code == 404
    assert client.get(reverse("hazards:report_what", args=[installed.b.room.pk])).status_code == 404


def test_list_is_narrowed_to_what_is_mine_overdue_and_to_verify(world, act, browse):
    with act():
        mine, other = assigned(world, title="甲"), report(world, title="乙")
        gone = HAZARDS.move(assigned(world, title="丙"), "rectify", world.tom, measures="清走", photos=[photo()])
        report(world, title="丁", site=world.b)
        Hazard.objects.filter(pk=other.pk).update(due_on=timezone.localdate() - timedelta(days=2))

    def shown(user, query: str) -> set[str]:
        text = browse(user).get(reverse("hazards:hazard_list") + query).content.decode()
        return {title for title in "甲乙丙丁" if f">{title}<" in text}

    assert shown(world.hal, "") == {"甲", "乙", "丙"}
    assert shown(world.tom, "?mine=rectify") == {"甲"}
    assert shown(world.hal, "?mine=verify") == {"丙"}
    assert shown(world.tom, "?mine=verify") == set()
    assert shown(world.hal, "?overdue=yes") == {"乙"}
    assert shown(world.kim, "") == {"甲", "乙", "丙", "丁"}
    assert shown(world.max_b, "") == {"丁"}
    assert (mine.due_on, gone.state) == (timezone.localdate() + timedelta(days=3), "rectified")


def test_record_search_workbook_and_notice(world, act, browse):
    with act():
        hazard = report(world, title="灯罩松动", photos=[photo()], unit=world.a.ward, description="有掉落危险")
        hazard = HAZARDS.move(
            hazard, "assign", world.hal, responsible=world.tom, interim="已围挡",
            due_on=timezone.localdate() + timedelta(days=2),
        )  # fmt: skip
    client = browse(world.hal)
    record = client.get(reverse("hazards:hazard", args=[hazard.pk])).content.decode()
    found = client.get(reverse("search"), {"q": "灯罩"}).content.decode()
    workbook = client.get(reverse("hazards:hazard_list"), {"export": "xlsx"})
    paper = PdfReader(io.BytesIO(client.get(reverse("hazards:hazard_notice", args=[hazard.pk])).content))
    text = "".join(page.extract_text() for page in paper.pages)

    assert "已围挡" in record
    assert "Tom" in record
    assert hazard.number in found
    assert "spreadsheetml" in workbook["Content-Type"]
    for words in ("整改通知书", hazard.number, "灯罩松动", "已围挡", "Tom"):
        assert words in text


def test_api_lists_and_takes_reports(world, act, browse):
    client = browse(world.dan)
    sent = client.post(
        "/api/v1/hazards/", {"place": world.a.room.pk, "title": "电线裸露", "department": "maintenance"},
        content_type="application/json",
    )  # fmt: skip
    wrong = client.post("/api/v1/hazards/", {"place": world.b.room.pk, "title": "x"}, content_type="application/json")
    rows = client.get("/api/v1/hazards/?state=live").json()["results"]

    assert sent.status_code == 201, sent.content
    assert wrong.status_code == 422
    assert [row["number"] for row in rows] == [sent.json()["number"]]
    assert browse(world.dan_b).get(f"/api/v1/hazards/{sent.json()['id']}/").status_code == 404


def test_head_writes_down_what_an_authority_found_and_corrects_it(world, act, browse):
    client = browse(world.hal)
    facts = {"title": "灭火器过期", "place": world.a.room.pk, "department": "maintenance", "grade": "major"}
    facts |= {"source": "authority", "source_note": "消防支队 2026-18"}
    answer = client.post(reverse("hazards:hazard_add"), facts)
    with act():
        hazard = Hazard.objects.get()
    assert answer.headers["Location"] == reverse("hazards:hazard", args=[hazard.pk])
    edit = reverse("hazards:hazard_edit", args=[hazard.pk])
    assert client.get(edit).status_code == 200
    changed = {"title": "灭火器过期两具", "place": world.a.room.pk, "source": "authority", "source_note": ""}
    assert client.post(edit, changed).status_code == 303
    with act():
        hazard.refresh_from_db()
    assert (hazard.title, hazard.source_note, hazard.grade) == ("灭火器过期两具", "", "major")


def test_steps_by_the_browser(world, act, browse):
    with act():
        hazard = assigned(world)
    move = lambda name: reverse("hazards:hazard_move", args=[hazard.pk, name])  # noqa: E731
    tom, hal = browse(world.tom), browse(world.hal)

    assert tom.post(move("rectify"), {"measures": "清走"}).status_code == 422  # no photo
    paper = SimpleUploadedFile("x.pdf", b"%PDF-1.4 junk", "application/pdf")
    assert tom.post(move("rectify"), {"measures": "清走", "photos": paper}).status_code == 422  # shows nothing
    assert tom.post(move("rectify"), {"measures": "清走", "photos": photo("green")}).status_code == 303
    assert tom.post(move("verify"), {}).status_code == 403
    assert hal.post(move("verify"), {"note": "看过"}).status_code == 303
    with act():
        hazard.refresh_from_db()
    assert (hazard.state, hazard.measures) == ("closed", "清走")

"""A manager hands in a file: three presses from the file to the records, and every bad cell by its place on the way."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from exchange import domain, tasks
from exchange.importers import importers
from exchange.models import Job, Mapping
from tenancy.models import Hospital
from tenancy.scope import scope, scope_of
from tests.exchange.conftest import HISTORY
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db
HEAD = ["报修日期", "故障描述", "费用"]
GOOD = [["2025-03-20", "水龙头滴水", "183.05"], ["2025-03-21", "灯不亮", "20"]]
CHOSEN = {
    "column_reported_at": "报修日期",
    "column_title": "故障描述",
    "column_cost": "费用",
    "service": "maintenance.other",
}


def csv(rows, encoding="utf-8"):
    return "\n".join(",".join(row) for row in [HEAD, *rows]).encode(encoding)


def book(rows):
    made, buffer = openpyxl.Workbook(), io.BytesIO()
    made.active.title = "工单"
    for row in [HEAD, *rows]:
        made.active.append(row)
    made.save(buffer)
    return buffer.getvalue()


def upload(client, content, name="history.csv", hospital=None):
    data = {"file": SimpleUploadedFile(name, content)}
    if hospital:
        data["hospital"] = hospital
    return client.post("/exchange/orders/", data)


def tried(client, site, content, name="history.csv", **more):
    """Hand in, assign, try: the page of the dry run."""
    answer = upload(client, content, name, site.id)
    assert answer.status_code == 303, answer.content.decode()
    answer = client.post(answer["Location"], {**CHOSEN, **more})
    assert answer.status_code == 303, answer.content.decode()
    return answer["Location"]


@pytest.fixture
def max_client(client, ready):
    client.force_login(ready.max)
    return client


def orders_at(site):
    with scope([site.id]):
        return WorkOrder.objects.count()


@pytest.mark.parametrize(
    ("content", "name"),
    [(csv(GOOD), "a.csv"), (csv(GOOD, "gb18030"), "a.csv"), (book(GOOD), "a.xlsx")],
    ids=["utf-8", "gb18030", "excel"],
)
def test_file_is_tried_then_brought_in(max_client, ready, content, name):
    page = tried(max_client, ready.a, content, name)
    assert orders_at(ready.a) == 0

    answer = max_client.post(page)

    assert answer.status_code == 303
    assert orders_at(ready.a) == 2
    assert "183" not in max_client.get(page).content.decode().split("<h1>")[0]


def test_bad_cells_are_named_by_sheet_line_column_found_and_expected(max_client, ready):
    rows = [*GOOD, ["31.02.2025", "", "much"]]
    page = tried(max_client, ready.a, book(rows), "a.xlsx")

    shown = max_client.get(page).content.decode()

    for cell in ("工单!A4", "工单!B4", "工单!C4", "31.02.2025", "much", "费用", "183.05"):
        assert cell in shown
    assert max_client.post(page).status_code == 409
    assert orders_at(ready.a) == 0


def test_bad_lines_are_left_out_only_on_purpose(max_client, ready):
    page = tried(max_client, ready.a, csv([*GOOD, ["2025-03-22", "门", "x"]]))

    max_client.post(page, {"skip": "1"})

    assert orders_at(ready.a) == 2


def test_same_file_again_is_refused_with_a_link_to_the_first(max_client, ready):
    first = tried(max_client, ready.a, csv(GOOD))
    max_client.post(first)

    answer = upload(max_client, csv(GOOD), "other-name.csv", ready.a.id)

    assert answer.status_code == 422
    assert first in answer.content.decode()
    assert orders_at(ready.a) == 2


def test_two_people_with_one_file_bring_it_in_once(client, ready):
    pages = []
    for user in (ready.max, ready.ada):
        client.force_login(user)
        pages.append(tried(client, ready.a, csv(GOOD)))
    client.force_login(ready.max)
    client.post(pages[0])
    client.force_login(ready.ada)

    answer = client.post(pages[1])

    assert answer.status_code == 409
    assert pages[0] in answer.content.decode()
    assert orders_at(ready.a) == 2


def test_assignment_is_kept_by_name_and_offered_again(max_client, ready):
    tried(max_client, ready.a, csv(GOOD), remember_as="Old system")
    with scope([ready.a.id]):
        kept = Mapping.objects.get()
    columns = upload(max_client, csv(GOOD[:1]), hospital=ready.a.id)["Location"]

    shown = max_client.get(f"{columns}?mapping={kept.pk}").content.decode()

    assert "Old system" in shown
    assert '<option value="费用" selected>' in shown


def test_large_file_is_left_to_the_worker_and_survives_its_death(max_client, ready):
    page = upload(max_client, HISTORY.read_bytes(), hospital=ready.a.id)["Location"]
    columns = {"column_reported_at": "BscStartDate", "column_title": "OriginalShorttext", "column_cost": "Cost"}
    page = max_client.post(page, {**columns, "service": "maintenance.other"})["Location"]
    assert "progress" in max_client.get(page).content.decode()
    with scope([ready.a.id]):
        Job.objects.update(state="running", beat_at=timezone.now() - timedelta(minutes=1), attempts=1)

    tasks.run_waiting_jobs()
    with scope([ready.a.id]):
        assert Job.objects.get().state == "running"  # somebody is at it
        Job.objects.update(beat_at=timezone.now() - timedelta(minutes=6))
    tasks.run_waiting_jobs()

    assert "E1332" in max_client.get(page).content.decode()


def test_job_that_kills_its_worker_is_given_up(max_client, ready):
    page = tried(max_client, ready.a, csv(GOOD))
    with scope([ready.a.id]):
        Job.objects.update(state="running", beat_at=timezone.now() - timedelta(minutes=6), attempts=3)

    tasks.run_waiting_jobs()

    with scope([ready.a.id]):
        assert Job.objects.get().state == "failed"
    assert max_client.get(page).status_code == 200


def test_job_of_who_may_no_more_writes_nothing(ready):
    importer = importers()["orders"]
    with scope_of(ready.max):
        hospital = Hospital.objects.get(pk=ready.a.id)
        job = domain.hand_in(ready.max, importer=importer, hospital=hospital, content=csv(GOOD), name="a.csv")
        columns = {"reported_at": "报修日期", "title": "故障描述"}
        domain.arrange(ready.max, job, columns=columns, options={"service": "maintenance.other"})
    with scope(ready.hospitals()):
        Job.objects.update(asked_by=ready.rita)

    job = domain.run(ready.a.id, job.pk)

    assert job.state == "failed"
    assert orders_at(ready.a) == 0


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"", "a.csv"),
        (b"PK\x03\x04 broken", "a.xlsx"),
        (b"a,b\n", "a.csv"),
        (b"a,a\n1,2\n", "a.csv"),
        (b'a,b\n"1,2\n', "a.csv"),
        (b"\x00\xff\x00", "a.csv"),
        (b"%PDF-1.4", "a.pdf"),
    ],
)
def test_what_is_no_table_is_refused_in_words(max_client, ready, content, name):
    answer = upload(max_client, content, name, ready.a.id)

    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()


def test_huge_file_is_refused(max_client, ready, settings):
    settings.UPLOAD_MAX_BYTES = 100

    answer = upload(max_client, csv(GOOD * 20), hospital=ready.a.id)

    assert answer.status_code == 422


def test_formula_that_shows_an_error_is_named(max_client, ready):
    page = tried(max_client, ready.a, csv([["2025-03-20", "#REF!", "1"]]))

    assert "#REF!" in max_client.get(page).content.decode()
    assert orders_at(ready.a) == 0


def test_other_hospital_and_other_people_get_nothing(client, ready):
    client.force_login(ready.max)
    page = tried(client, ready.a, csv(GOOD))
    client.force_login(ready.max_b)

    assert client.get(page).status_code == 404
    assert client.post(page).status_code == 404
    assert upload(client, csv(GOOD), hospital=ready.a.id).status_code == 422
    client.force_login(ready.rita)
    assert client.get(page).status_code == 403
    assert client.get("/exchange/").status_code == 403


def test_table_to_fill_in_reads_back(max_client):
    answer = max_client.get("/exchange/orders/template.xlsx")

    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert sheet["A1"].comment is not None
    assert len([cell for cell in sheet[1] if cell.value]) == len(importers()["orders"].columns)

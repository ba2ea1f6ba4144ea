"""A large workbook with everything real: asked for on the page, written by a Celery worker, downloaded."""

import io
import re
import time

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from exchange.exports import PART
from exchange.lists import Export
from tenancy.models import Unit
from tenancy.scope import scope
from tests.browser.workers import working

MANY = PART + 1_500  # two parts
PATIENCE = 120  # seconds


@pytest.mark.django_db(transaction=True)
def test_worker_writes_what_the_page_asked_for_and_the_person_fetches_it(world, tmp_path):
    with scope([world.a.id]):
        Unit.objects.bulk_create(
            [Unit(hospital=world.a.hospital, code=f"N{n:05}", name=f"科 {n}") for n in range(MANY)]
        )
    client = Client()
    client.force_login(world.ada, backend="tenancy.backends.SignInBackend")
    with working(tmp_path):
        place = client.post("/lists/administration-unit/workbook/?standing=open")["Location"]
        page = until_it_stands(client, place)
    file = re.search(r'href="([^"]*/file/)"', page)
    answer = client.get(file[1])

    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content)))
    (name,) = book.sheet_names
    rows = book.get_sheet_by_name(name).to_python()
    assert [row[1] for row in rows[1:]] == [*(f"N{n:05}" for n in range(MANY)), "W1", "W2"]
    with scope([world.a.id]):
        export = Export.objects.get()
        assert (export.state, export.done, export.parts) == ("done", MANY + 2, 2)
    someone = Client()
    someone.force_login(world.dan, backend="tenancy.backends.SignInBackend")
    assert someone.get(file[1]).status_code == 404


def until_it_stands(client, place):
    end = time.monotonic() + PATIENCE
    while "/file/" not in (page := client.get(place).content.decode()):
        assert time.monotonic() < end, "the worker never wrote it"
        time.sleep(0.2)
    return page

"""Two hundred and thirty-six hospitals from a real file of returns: every page of the office stays inside its budget."""

import re
import statistics
import time
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from kpi.models import MonthFigure
from kpi.periods import earlier
from reporting import screens
from reporting.leagues import League, known
from reporting.models import Standing
from tenancy import access
from tenancy.models import Hospital
from tenancy.scope import scope, scope_of
from tests.conftest import empty_cache
from tests.ground import Layer
from tests.reporting.conftest import last_month

pytestmark = pytest.mark.django_db
DATA = Path(__file__).parent.parent / "data"
INDICATOR = "own.cleaning_cost_per_m2"
MOST_QUESTIONS, ROUNDS = 11, 21  # those of the session, the person, the scope and its end included
MOST_OF_A_WALL = 16  # nobody has opened it before
MOST_SPENT = 75  # milliseconds of processor time, the middle of many requests: half more than they take


def returns_and_figures(world):
    """The returns of 236 hospitals, a figure of theirs for 24 months, and how they stand."""
    call_command(
        "import_returns", str(DATA / "hospital-returns-2016-17.csv"), period="2016-17",
        mapping=DATA / "returns-mapping.json", consortium=world.consortium.name, stdout=StringIO(), stderr=StringIO(),
    )  # fmt: skip
    access.forget(world.kim)
    everybody = list(Hospital.objects.filter(consortium=world.consortium).order_by("pk").values_list("pk", flat=True))
    now, month = timezone.now(), last_month()
    with scope(everybody):
        MonthFigure.objects.bulk_create(
            MonthFigure(
                hospital_id=pk, kpi="workorders.on_time", month=earlier(month, back), department="maintenance",
                numerator=Decimal(70 + (pk * 7 + back) % 30), denominator=Decimal(100),
            )
            for pk in everybody for back in range(24)
        )  # fmt: skip
        Standing.objects.bulk_create(
            Standing(
                hospital_id=pk, key=key, month=month, numerator=70, denominator=100, value=70, target=95, tone="red",
                rules=["side"], tendency="worse", reckoned_at=now,
            )
            for pk in everybody for key in (f"workorders.{name}" for name in ("on_time", "signed", "satisfied", "rework"))
        )  # fmt: skip


many = Layer(returns_and_figures).fixture("many")


def measured(client, url):
    """(statements, milliseconds in the middle) of a page that somebody has opened before. What else the machine does makes
    single requests dearer, so the middle one is judged; `make bench` shows the 95th percentile. Once more than half of all
    were cheap enough the middle one is, however dear the rest would be."""
    client.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url).status_code == 200
    questions, spent = len(asked), []  # counted now: the next request clears them
    for _round in range(ROUNDS):
        begun = time.process_time()
        client.get(url)
        spent.append((time.process_time() - begun) * 1000)
        if sum(each <= MOST_SPENT for each in spent) > ROUNDS // 2:
            break
    return questions, statistics.median(spent)


def test_every_page_of_the_office_keeps_its_budget(client, many, capsys):
    client.force_login(many.kim)
    found = {}
    for url in (
        "/reports/hospitals/",
        "/reports/leagues/",
        f"/reports/leagues/{INDICATOR}/",
        "/reports/leagues/workorders.on_time/",
        "/reports/parts/",
        "/reports/monthly/",
        "/figures/",
        "/figures/workorders.on_time/",
        "/indicators/",
        "/indicators/cleaning_cost_per_m2/",
        "/indicators/library/",
    ):
        found[url] = measured(client, url)
    with capsys.disabled():
        for url, (asked, spent) in found.items():
            print(f"\n{url}: {asked} statements, {spent:.0f} ms of processor time", end="")

    assert {url: asked for url, (asked, _spent) in found.items() if asked > MOST_QUESTIONS} == {}
    assert {url: spent for url, (_asked, spent) in found.items() if spent > MOST_SPENT} == {}


def test_a_wall_screen_of_all_of_them(client, many, capsys):
    with scope_of(many.kim):
        facts = {"consortium": many.consortium, "hospital": None, "language": "en", "seconds": 20}
        _screen, token = screens.make_screen(many.kim, name="Centre", **facts)
    empty_cache()
    with CaptureQueriesContext(connection) as asked:
        begun = time.process_time()
        page = client.get(f"/wall/{token}/")
        first = (time.process_time() - begun) * 1000
    questions = len(asked)
    begun = time.process_time()
    client.get(f"/wall/{token}/figures/")
    again = (time.process_time() - begun) * 1000
    with capsys.disabled():
        print(
            f"\nwall: {questions} statements, {first:.0f} ms of processor time at first, {again:.0f} ms again", end=""
        )

    assert page.status_code == 200
    assert questions <= MOST_OF_A_WALL


def test_the_real_returns_are_ranked_with_all_236(many):
    with scope_of(many.kim):
        league = League(many.kim, known(many.kim)[INDICATOR], {})
        ranked = [place for place in league.places if place.rank]

    assert len(ranked) == 236 and ranked[0].rank == 1
    assert round(league.whole, 4) == Decimal("38.8098")  # as the file's own documentation has it
    assert round(league.middle, 4) == Decimal("37.7982")
    assert league.span == (league.span[0], league.span[0] + timedelta(days=365))


def test_links_of_a_hospital_name_no_other(client, many):
    """Else a page of all hospitals would name each of them as often as it has cells."""
    client.force_login(many.kim)
    page = client.get("/figures/").content.decode()
    names = [named.split("%2C") for named in re.findall(r"[?&;]at=([^&\"]+)", page)]

    assert len([ids for ids in names if len(ids) == 1]) > 236
    assert len([ids for ids in names if len(ids) > 1]) < 100

"""Ten real years of work orders come in: nothing is lost, nothing is written twice, the bad line is named."""

from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, Max, Min, Sum
from django.utils import timezone

from assets.models import Asset
from exchange.models import Job
from flow.models import Event
from tenancy.scope import scope
from tests.exchange.conftest import HISTORY
from workorders.models import Line, WorkOrder

pytestmark = pytest.mark.django_db


def test_history_is_written_whole_without_the_line_left_out(ready, mapping, capsys):
    call_command("import_orders", str(HISTORY), hospital="A", mapping=mapping, skip_bad=True)

    assert "E1332" in capsys.readouterr().err
    with scope([ready.a.id]):
        orders = WorkOrder.objects.filter(channel="import")
        facts = orders.aggregate(Count("pk"), Sum("cost"), Min("reported_at"), Max("reported_at"))
        assert facts["pk__count"] == 2159
        assert facts["cost__sum"] == Decimal("7618873.08")
        assert str(timezone.localdate(facts["reported_at__min"])) == "2001-07-05"
        assert str(timezone.localdate(facts["reported_at__max"])) == "2012-12-13"
        by_asset = {a.code: (a.n, a.cost) for a in Asset.objects.annotate(n=Count("orders"), cost=Sum("orders__cost"))}
        assert by_asset == {
            "A": (151, Decimal("77567.19")),
            "B": (1016, Decimal("1312088.61")),
            "C": (992, Decimal("6229217.28")),
        }
        events = Event.objects.filter(verb="imported").values_list("data__type").annotate(n=Count("pk"))
        assert dict(events) == {"PM01": 2020, "PM02": 115, "PM06": 10, "PM13": 6, "PM04": 6, "PM05": 2}
        credits = orders.filter(cost__lt=0).aggregate(Sum("cost"))["cost__sum"]
        assert Line.objects.aggregate(Sum("amount"))["amount__sum"] + credits == Decimal("7618873.08")
        assert set(orders.values_list("state", "signed_at").distinct()) == {("closed", None)}
        assert orders.values("number").distinct().count() == 2159


def test_bad_line_is_named_and_nothing_is_written(ready, mapping, capsys):
    with pytest.raises(CommandError):
        call_command("import_orders", str(HISTORY), hospital="A", mapping=mapping)

    said = capsys.readouterr().err
    assert "E1332 (Cost): 'PM01'" in said
    assert "D1332 (PMType): 't swing'" in said
    with scope([ready.a.id]):
        assert not WorkOrder.objects.exists()
        assert not Asset.objects.exists()
        assert not Job.objects.exists()


def test_dry_run_changes_nothing(ready, mapping, capsys):
    call_command("import_orders", str(HISTORY), hospital="A", mapping=mapping, skip_bad=True, dry_run=True)

    assert "7" in capsys.readouterr().out
    with scope([ready.a.id]):
        assert not WorkOrder.objects.exists()
        assert not Job.objects.exists()


def test_same_file_twice_is_refused(ready, mapping):
    call_command("import_orders", str(HISTORY), hospital="A", mapping=mapping, skip_bad=True)

    with pytest.raises(CommandError):
        call_command("import_orders", str(HISTORY), hospital="A", mapping=mapping, skip_bad=True)

    with scope([ready.a.id]):
        assert WorkOrder.objects.count() == 2159


@pytest.mark.parametrize(
    "wrong",
    [
        "[]",
        "{",
        '{"columns": {"title": "OriginalShorttext"}}',
        '{"columns": {"title": 3}}',
        '{"columns": {"reported_at": "BscStartDate", "title": "Gone"}, "options": {"service": "maintenance.other"}}',
        '{"columns": {"reported_at": "BscStartDate", "title": "OriginalShorttext", "colour": "Asset"}}',
        '{"columns": {"reported_at": "BscStartDate", "title": "OriginalShorttext"}, "options": {"services": []}}',
        '{"columns": {"reported_at": "BscStartDate", "title": "OriginalShorttext"}, "options": {"service": "none"}}',
    ],
)
def test_wrong_mapping_is_refused_in_words(ready, tmp_path, wrong):
    path = tmp_path / "mapping.json"
    path.write_text(wrong)

    with pytest.raises(CommandError):
        call_command("import_orders", str(HISTORY), hospital="A", mapping=path)


def test_unknown_hospital_is_refused(ready, mapping):
    with pytest.raises(CommandError, match="ZZ"):
        call_command("import_orders", str(HISTORY), hospital="ZZ", mapping=mapping)

"""A hospital's checklists come from Excel: every bad cell is named, a right file becomes drafts."""

from decimal import Decimal

import pytest

from exchange import domain
from exchange.importers import importers
from inspections.models import Checklist
from inspections.states import DRAFT
from tenancy.models import Hospital
from tenancy.scope import scope_of

pytestmark = pytest.mark.django_db
HEAD = "检查表,部门,分组,检查内容,填写方式,单位,下限,上限,选项,分值"


def tried(world, *lines):
    hospital = Hospital.objects.get(pk=world.a.id)
    content = "\n".join([HEAD, *lines]).encode()
    job = domain.hand_in(
        world.max, importer=importers()["checklists"], hospital=hospital, content=content, name="a.csv"
    )
    domain.arrange(world.max, job, columns=job.params["columns"], options={})
    return domain.run(world.a.id, job.pk)


def test_items_become_a_draft_of_the_hospitals_own(world):
    with scope_of(world.max):
        job = tried(
            world,
            "锅炉月检,maintenance,机组,水位计清晰,,,,,,",
            "锅炉月检,maintenance,机组,压力,value,MPa,0.3,0.5,,",
            "锅炉月检,maintenance,,烟色,choice,,,,*无烟/黑烟,",
            "厨房考核,catering,,地面清洁,check,,,,,10",
        )
        assert job.faults == []
        job = domain.run(world.a.id, domain.bring_in(world.max, job).pk)
        assert job.written_at, job.error
        boiler, kitchen = Checklist.objects.filter(home=world.a.id).order_by("pk")
        items = list(boiler.editions.get(state=DRAFT).items.all())

    assert (boiler.own_name, kitchen.own_name, kitchen.assesses, boiler.assesses) == (
        "锅炉月检",
        "厨房考核",
        True,
        False,
    )
    assert [(i.text, i.kind, i.section) for i in items] == [
        ("水位计清晰", "check", "机组"), ("压力", "value", "机组"), ("烟色", "choice", ""),
    ]  # fmt: skip
    assert (items[1].low, items[1].high, items[1].unit) == (Decimal("0.3"), Decimal("0.5"), "MPa")
    assert (items[2].options, items[2].passing) == (["无烟", "黑烟"], ["无烟"])


def test_bad_cells_are_named(world):
    with scope_of(world.max):
        job = tried(
            world,
            "甲,maintenance,,一,value,,5,4,,",
            "甲,catering,,二,check,,1,,,",
            "乙,maintenance,,三,choice,,,,只有一个,",
            "乙,nowhere,,四,dance,,x,,,-1",
        )

        assert job.written_at is None and not Checklist.objects.filter(home=world.a.id).exists()
        assert {fault["cell"] for fault in job.faults} == {"H2", "B3", "E3", "I4", "B5", "E5", "G5", "J5"}

"""The register comes from Excel: every bad cell is named, a right file is brought in whole."""

import pytest

from assets.models import Asset, Kind
from exchange import domain
from exchange.importers import importers
from tenancy.models import Hospital
from tenancy.scope import scope_of

pytestmark = pytest.mark.django_db
HEAD = "资产编号,资产名称,设备类别,大类,地点,科室,购置日期,原值"


def tried(world, *lines):
    importer = importers()["assets"]
    hospital = Hospital.objects.get(pk=world.a.id)
    content = "\n".join([HEAD, *lines]).encode()
    job = domain.hand_in(world.max, importer=importer, hospital=hospital, content=content, name="a.csv")
    domain.arrange(world.max, job, columns=job.params["columns"], options={})
    return domain.run(world.a.id, job.pk)


def test_register_is_brought_in(register):
    with scope_of(register.max):
        job = tried(
            register,
            "X-1,监护仪,Infusion pump,,B1-301,心内科,2021-06-30,12000",
            "X-2,冷水机,冷水机组,building,东院区 / 住院楼,,2019/5/1,¥380000",
        )
        assert job.faults == []

        job = domain.run(register.a.id, domain.bring_in(register.max, job).pk)

        assert job.written_at, job.error
        assert Asset.objects.get(code="X-1").custodian == register.a.ward
        assert Kind.objects.get(name="冷水机组").family == "building"


def test_bad_cells_are_named(register):
    with scope_of(register.max):
        job = tried(
            register,
            "P-1,泵,Infusion pump,,B1-301,,,",
            "X-1,泵,Unknown,,nowhere,nobody,tomorrow,much",
            "X-1,泵,Infusion pump,,B1-301,,,",
            ",泵,Infusion pump,,B1-301,,,",
        )

        assert {fault["cell"] for fault in job.faults} == {"A2", "C3", "E3", "F3", "G3", "H3", "A4", "A5"}
        assert Asset.objects.filter(hospital=register.a.id).count() == 2

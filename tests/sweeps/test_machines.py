"""Every state machine: no dead ends but the final ones, permissions and forms that exist, one winner of a race."""

from __future__ import annotations

import inspect
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone
from django.utils.module_loading import import_string, module_has_submodule

from assets.models import Asset, Kind
from flow.machine import Machine
from flow.models import Event
from hazards import domain as hazards
from hazards.machine import HAZARDS
from reporting.domain import open_report, write
from tenancy.permissions import declared
from tenancy.scope import scope
from tests.factories import inspections, requests, rounds
from tests.factories.assessment import loop as closed
from tests.factories.workorders import order
from tests.hazards.conftest import photo
from ui.icons import NAMES
from workorders import catalogue

GIVEN_TOGETHER = {"to": {"team", "assignee"}}  # one choice on the page, two facts of the step


def machines() -> dict[str, Machine]:
    found = {}
    for config in apps.get_app_configs():
        for room in ("machine", "plan_machine"):
            if not module_has_submodule(config.module, room):
                continue
            module = import_module(f"{config.name}.{room}")
            found |= {f"{config.name}.{n}": m for n, m in vars(module).items() if isinstance(m, Machine)}
    return found


MACHINES = machines()


def asset(world):
    kind = Kind.objects.create(consortium=world.consortium, name="Pump", family="building")
    return Asset.objects.create(hospital=world.a.hospital, kind=kind, place=world.a.room, code="P1", name="Pump")


def rectified(world):
    hazard = hazards.report(world.rita, title="通道堵塞", department="maintenance", place=world.a.room)
    return HAZARDS.move(hazard, "rectify", world.tom, measures="清走", photos=[photo()])


def monthly(world):
    report = open_report(world.a.hospital, date(2026, 1, 1))
    return write(world.max, report, "好")


RACES = {  # machine → (a row of it, the step that all take at once, who takes it)
    "workorders.ORDERS": (lambda world: order(world, "dispatch"), "accept", "tom"),
    "assets.ASSETS": (asset, "break_down", "ada"),
    "hazards.HAZARDS": (rectified, "verify", "hal"),
    "indicators.DUES": (requests.handed_in, "accept", "kim"),
    "assessment.REPLIES": (lambda world: closed(world).reply, "accept", "max"),
    "assessment.APPEAL": (lambda world: closed(world).appeal, "withdraw", "max"),
    "assessment.EXCLUSION": (lambda world: closed(world).exclusion, "approve", "kim"),
    "assessment.ACTION": (lambda world: closed(world).action, "finish", "hal"),
    "reporting.REPORTS": (monthly, "sign", "max"),
    "inspections.ROUNDS": (rounds.one, "start", "tom"),
    "inspections.PLANS": (lambda world: inspections.plan(world, began=timezone.now()), "pause", "hal"),
}


def test_every_machine_is_raced():
    assert set(MACHINES) == set(RACES)


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_states_are_reached_and_only_final_ones_end(machine):
    first = next(iter(machine.states))
    reached, left = {first}, {source for step in machine.transitions for source in step.sources}
    for _round in machine.states:
        reached |= {step.target for step in machine.transitions if step.sources & reached}

    assert reached == set(machine.states)
    assert left <= set(machine.states)
    assert {state.value for state in machine.states.values() if not state.final} <= left
    assert len(machine.by_name) == len(machine.transitions)


@pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)
def test_steps_name_permissions_pictures_and_forms_that_exist(machine):
    for step in machine.transitions:
        assert step.permission in declared(), step.name
        assert step.icon in NAMES, step.name
        assert step.label, step.name
        asked = set(import_string(step.form).base_fields) if step.form else set()
        asked |= {fact for field in asked for fact in GIVEN_TOGETHER.get(field, ())}
        assert needed(step) <= asked, step.name


def needed(step) -> set[str]:
    parameters = inspect.signature(step.prepare).parameters.values() if step.prepare else ()
    return {p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is p.empty}


@pytest.mark.parametrize("name", RACES)
@pytest.mark.django_db(transaction=True)
def test_of_many_who_take_one_step_one_wins(world, name):
    make, step, who = RACES[name]
    with scope(world.hospitals()):
        catalogue.install(world.a.hospital)
        row = make(world)
        before = Event.objects.filter(verb=step).count()
    actor, machine = getattr(world, who), MACHINES[name]

    def take(_number):
        try:
            with scope(world.hospitals()):
                machine.move(row, step, actor)
            return "won"
        except ValidationError as error:
            return error.code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        told = sorted(threads.map(take, range(8)))

    assert told == ["stale"] * 7 + ["won"]
    with scope(world.hospitals()):
        assert Event.objects.filter(verb=step).count() == before + 1

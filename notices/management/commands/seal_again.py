"""Seal the keys of all group robots with the present SECRET_KEY, after it was changed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from notices.models import Robot
from tenancy.models import Hospital
from tenancy.tasks import for_each_hospital


class Command(BaseCommand):
    help = "After SECRET_KEY was changed: seal again what was sealed with one of SECRET_KEY_FALLBACKS."

    def handle(self, *args: Any, **options: Any) -> None:
        lost: list[str] = []
        count = 0

        def seal_again(hospital: Hospital) -> None:
            nonlocal count
            for robot in Robot.objects.filter(hospital=hospital).select_for_update(of=("self",)):
                if robot.key:
                    robot.save(update_fields=["key", "secret"])
                    count += 1
                else:
                    lost.append(f"{hospital.code}: {robot.name}")

        for_each_hospital(seal_again)
        self.stdout.write(f"{count} sealed with the present SECRET_KEY")
        if lost:
            raise CommandError(f"No known key opens these, their addresses have to be entered again: {'; '.join(lost)}")

"""Start-up of the rosters: their entries in the menu, and what follows when teams merge."""

from typing import Any

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from administration import events
        from people import deadlines, domain, history, kpis  # noqa: F401  kpis declares itself
        from people import permissions as perm
        from tenancy import hooks
        from ui import history as told
        from ui.navigation import MenuItem, register

        def follow(actor: Any, merged: hooks.Part, into: hooks.Part) -> None:
            domain.follow_merge(merged, into)

        hooks.references.append(follow)
        told.WORDS.update(history.WORDS)
        deadlines.plug_in()
        events.register("people.absence", _("Absence"), "people:absence")
        events.register("people.skill", _("Skill"))
        register(
            MenuItem(_("Roster"), "people:roster", "calendar-time", perm.ROSTER_VIEW, "work", 50),
            MenuItem(_("My week"), "people:mine", "calendar-event", perm.ROSTER_VIEW, "today", 60),
            MenuItem(_("On call"), "people:duties", "phone", perm.ROSTER_VIEW, "work", 51),
            MenuItem(_("Absences"), "people:absence_list", "user-off", perm.ABSENCE_VIEW, "work", 52),
            MenuItem(_("Skills"), "people:skills", "certificate", perm.SKILL_VIEW, "departments", 70),
        )

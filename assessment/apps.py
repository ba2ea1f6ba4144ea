"""Start-up of the assessment: roles, figures, notices, files, menu; what is measured anew is compared anew."""

from typing import Any

from django.apps import AppConfig


class AssessmentConfig(AppConfig):
    name = "assessment"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from administration import events
        from assessment import hearing, kpis, late, queries, roles, timeline  # noqa: F401  kpis and roles declare themselves
        from assessment.explaining import explain
        from flow import files
        from kpi import explaining
        from kpi.measure import after_measuring
        from notices import rules
        from ui.navigation import register

        after_measuring.append(late.measured_again)
        explaining.register(explain, order=60)
        files.subject_checks["assessment.appeal"] = queries.may_see_appeal
        for subject, rule in hearing.RULES.items():
            rules.register(subject, rule)
        labels = {
            "reply": _("Answer to published figures"), "appeal": _("Appeal"), "exclusion": _("Record left out"),
            "action": _("Improvement action"),
        }  # fmt: skip
        for name, label in labels.items():
            events.register(f"assessment.{name}", label, f"assessment:{name}", timeline.VERBS)
        events.register(
            "assessment.frozenfigure", _("Frozen figure"), "assessment:figure", timeline.VERBS, queries.frozen
        )
        events.register("assessment.publication", _("Publication"), "", timeline.VERBS)
        events.register("assessment.rules", _("Deadlines of the assessment"), "", timeline.VERBS)
        register(*self.menu())

    @staticmethod
    def menu() -> list[Any]:
        from django.utils.translation import gettext_lazy as _
        from django.utils.translation import pgettext_lazy

        from assessment import permissions as perm
        from ui.navigation import MenuItem

        return [
            MenuItem(_("Figures of the month"), "assessment:month", "lock", perm.FROZEN_VIEW, "results", 50),
            MenuItem(_("Published figures"), "assessment:published", "news", perm.PUBLISHED_VIEW, "results", 51),
            MenuItem(
                pgettext_lazy("of figures", "Publish"),
                "assessment:desk",
                "speakerphone",
                perm.MONTH_PUBLISH,
                "results",
                52,
            ),
            MenuItem(_("Appeals"), "assessment:appeal_list", "scale", perm.FROZEN_VIEW, "results", 54),
            MenuItem(
                _("Improvement actions"), "assessment:action_list", "trending-up", perm.ACTION_VIEW, "results", 56
            ),
        ]

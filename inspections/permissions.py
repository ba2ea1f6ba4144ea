"""What may be done with checklists, plans and rounds."""

from django.utils.translation import gettext_lazy as _

from tenancy.permissions import declare

CHECKLIST_VIEW = declare("inspections.checklist.view", _("See checklists"))
CHECKLIST_CHANGE = declare("inspections.checklist.change", _("Write checklists"))
PLAN_VIEW = declare("inspections.plan.view", _("See inspection plans"))
PLAN_CHANGE = declare("inspections.plan.change", _("Plan inspections"))
ROUND_VIEW = declare("inspections.round.view", _("See inspection rounds"))
ROUND_WORK = declare("inspections.round.work", _("Do inspection rounds"))
ROUND_ASSIGN = declare("inspections.round.assign", _("Say who does a round"))
ROUND_SIGN = declare("inspections.round.sign", _("Sign a round for the place visited"))
ROUND_SKIP = declare("inspections.round.skip", _("Approve that a round is skipped"))

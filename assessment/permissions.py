"""What may be done with frozen and published figures."""

from django.utils.translation import gettext_lazy as _

from tenancy.permissions import declare

PUBLISHED_VIEW = declare("assessment.published.view", _("See the published figures of all hospitals"))
FROZEN_VIEW = declare("assessment.frozen.view", _("See a hospital's frozen figures and what became of them"))
MONTH_CLOSE = declare("assessment.month.close", _("Close a month of a hospital"))
MONTH_PUBLISH = declare("assessment.month.publish", _("Publish closed months and set the deadlines"))
FIGURE_ANSWER = declare("assessment.figure.answer", _("Accept published figures or appeal, ask for exclusions"))
APPEAL_DECIDE = declare("assessment.appeal.decide", _("Decide appeals and exclusions"))
ACTION_VIEW = declare("assessment.action.view", _("See improvement actions"))
ACTION_DO = declare("assessment.action.do", _("Carry out improvement actions"))
ACTION_CHANGE = declare("assessment.action.change", _("Plan, postpone and drop improvement actions"))

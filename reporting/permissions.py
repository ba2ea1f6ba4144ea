"""What may be done with what is made of figures."""

from django.utils.translation import gettext_lazy as _

from tenancy.permissions import declare

MONTH_VIEW = declare("reporting.month.view", _("See the month of a person"))
LEAGUE_VIEW = declare("reporting.league.view", _("See league tables"))
OVERVIEW_VIEW = declare("reporting.overview.view", _("See which hospital needs a call"))
SCREEN_VIEW = declare("reporting.screen.view", _("See which wall screens there are"))
SCREEN_CHANGE = declare("reporting.screen.change", _("Arrange wall screens"))
REPORT_VIEW = declare("reporting.report.view", _("Read monthly reports"))
REPORT_CHANGE = declare("reporting.report.change", _("Write and sign monthly reports"))
SCHEDULE_CHANGE = declare("reporting.schedule.change", _("Set the day on which monthly reports are sent"))

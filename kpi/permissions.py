"""What may be done with figures."""

from django.utils.translation import gettext_lazy as _

from tenancy.permissions import declare

FIGURE_VIEW = declare("kpi.figure.view", _("See figures and dashboards"))
TARGET_VIEW = declare("kpi.target.view", _("See targets"))
TARGET_CHANGE = declare("kpi.target.change", _("Set targets"))

"""What may be done with what is made of figures."""

from django.utils.translation import gettext_lazy as _

from tenancy.permissions import declare

MONTH_VIEW = declare("reporting.month.view", _("See the month of a person"))

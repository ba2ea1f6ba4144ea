"""What may be done with returns and the comparison of hospitals."""

from django.utils.translation import gettext_lazy as _

from tenancy.permissions import declare

RETURN_VIEW = declare("indicators.return.view", _("See returns and compare hospitals"))
RETURN_CHANGE = declare("indicators.return.change", _("Take in hospitals' returns"))
RETURN_FILL = declare("indicators.return.fill", _("Fill in the returns that the office asks for"))

"""What may be done about deadlines and levels."""

from django.utils.translation import gettext_lazy as _

from tenancy.permissions import declare

CHAIN_CHANGE = declare("flow.chain.change", _("Set deadlines and who hears of what is late"))

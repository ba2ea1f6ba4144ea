"""What may be done with lists beyond one's own."""

from django.utils.translation import gettext_lazy as _

from tenancy.permissions import declare

VIEW_SHARE = declare("exchange.view.share", _("Share views of lists with the whole hospital"))

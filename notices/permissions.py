"""What may be done with channels and announcements."""

from django.utils.translation import gettext_lazy as _

from tenancy.permissions import declare

CHANNEL_CHANGE = declare("notices.channel.change", _("Arrange group robots and send failed notices again"))
ANNOUNCEMENT_CHANGE = declare("notices.announcement.change", _("Announce something to everybody concerned"))

"""What may be done with assets."""

from django.utils.translation import gettext_lazy as _

from tenancy.permissions import declare

ASSET_VIEW = declare("assets.asset.view", _("See assets"))
ASSET_CHANGE = declare("assets.asset.change", _("Arrange assets"))
METER_READ = declare("assets.meter.read", _("Read meters"))

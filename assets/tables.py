"""The register as a list."""

from django.utils.translation import gettext_lazy as _

from assets.models import Kind
from assets.states import CRITICALITY, STATES
from ui import tables


class AssetTable(tables.Table):
    columns = (
        tables.Title("name", _("Name"), url="assets:asset", second="code", sort="name"),
        tables.Badge("state", _("State"), states=STATES),
        tables.Text("kind__name", _("Kind")),
        tables.Choice("kind__family", _("Family"), choices=Kind.Family.choices),
        tables.Text("hospital__short_name", _("Hospital"), only_all=True),
        tables.PlacePath("place__full_name", _("Place")),
        tables.Text("custodian__name", _("Custodian unit")),
        tables.Badge("criticality", _("Criticality"), states=CRITICALITY),
        tables.Text("model", _("Model"), second="serial"),
        tables.Date("warranty_until", _("Warranty until"), sort="warranty_until"),
        tables.Money("value", _("Worth"), sort="value"),
    )
    order = "code"

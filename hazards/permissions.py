"""What may be done with hazards."""

from django.utils.translation import gettext_lazy as _

from tenancy.permissions import declare

HAZARD_VIEW = declare("hazards.hazard.view", _("See hazards"))
HAZARD_REPORT = declare("hazards.hazard.report", _("Report a hazard"))
HAZARD_ASSIGN = declare("hazards.hazard.assign", _("Grade a hazard, set who rectifies it and by when"))
HAZARD_RECTIFY = declare("hazards.hazard.rectify", _("Rectify a hazard"))
HAZARD_VERIFY = declare("hazards.hazard.verify", _("Verify that a hazard is rectified"))

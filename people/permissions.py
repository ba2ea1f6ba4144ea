"""What may be done with rosters, absences and skills."""

from django.utils.translation import gettext_lazy as _

from tenancy.permissions import declare

ROSTER_VIEW = declare("people.roster.view", _("See rosters and who is on call"))
ROSTER_CHANGE = declare("people.roster.change", _("Arrange rosters and on-call duty"))
ABSENCE_VIEW = declare("people.absence.view", _("See absences"))
ABSENCE_CHANGE = declare("people.absence.change", _("Enter absences"))
SKILL_VIEW = declare("people.skill.view", _("See skills"))
SKILL_CHANGE = declare("people.skill.change", _("Arrange skills"))

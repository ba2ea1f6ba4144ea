"""What was done to rosters, duties, absences and skills, in the words of a history panel."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "shift_added": _("Shift added"),
    "shift_edited": _("Shift changed"),
    "shift_ended": _("Shift given up"),
    "standard_week": _("Standard week changed"),
    "day_changed": _("Roster of a day changed"),
    "extra_shift": _("Extra shift entered"),
    "extra_removed": _("Extra shift taken out"),
    "days_swapped": _("Places changed for a day"),
    "week_copied": _("Week copied from the one before"),
    "duty_set": _("On-call duty entered"),
    "absence_entered": _("Absence entered"),
    "absence_ended": _("Back at work"),
    "skill_given": _("Skill entered"),
    "certificates_needed": _("Certificates needed in a shift"),
    "skill_taken": _("Skill taken out"),
    "skill_struck": _("Certificate entered by mistake taken out"),
}

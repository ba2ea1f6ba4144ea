"""What may be seen of the law's last days."""

from django.utils.translation import gettext_lazy as _

from tenancy.permissions import declare

DEADLINE_VIEW = declare("departments.deadline.view", _("See what the law sets a last day for"))

"""What may be done with work orders and the service catalogue."""

from django.utils.translation import gettext_lazy as _

from tenancy.permissions import declare

ORDER_VIEW = declare("workorders.order.view", _("See work orders"))
ORDER_REPORT = declare("workorders.order.report", _("Report a fault or ask for a service"))
ORDER_SIGN = declare("workorders.order.sign", _("Sign work off, rate it, send it back for rework"))
ORDER_WITHDRAW = declare("workorders.order.withdraw", _("Withdraw a report"))
ORDER_COMMENT = declare("workorders.order.comment", _("Comment and attach files"))
ORDER_DISPATCH = declare("workorders.order.dispatch", _("Dispatch and reassign"))
ORDER_WORK = declare("workorders.order.work", _("Do the work"))
ORDER_VOID = declare("workorders.order.void", _("Void an order"))
ORDER_EDIT = declare("workorders.order.edit", _("Correct an order's facts"))
ORDER_ANSWER = declare("workorders.order.answer", _("Answer complaints"))
ORDER_CLOSE = declare("workorders.order.close", _("Close signed or unsigned work"))
ORDER_IMPORT = declare("workorders.order.import", _("Bring in work orders of an older system"))
COST_VIEW = declare("workorders.cost.view", _("See what work cost"))
RATE_VIEW = declare("workorders.rate.view", _("See labour rates"))
RATE_CHANGE = declare("workorders.rate.change", _("Set labour rates"))
SERVICE_VIEW = declare("workorders.service.view", _("See the service catalogue"))
SERVICE_CHANGE = declare("workorders.service.change", _("Arrange the service catalogue"))
LIMITS_CHANGE = declare("workorders.limits.change", _("Set working time, holidays, reminders and escalation"))

"""States, urgencies, waiting reasons and channels of a work order, as people see them."""

from django.utils.translation import gettext_lazy as _

from flow.states import AMBER, BLUE, GREEN, GREY, RED, State, table

REPORTED, DISPATCHED, ACCEPTED, ARRIVED = "reported", "dispatched", "accepted", "arrived"
WAITING, DONE, SIGNED, CLOSED, CANCELLED = "waiting", "done", "signed", "closed", "cancelled"

STATES = table(
    State(REPORTED, _("Reported"), AMBER, "flag"),
    State(DISPATCHED, _("Dispatched"), BLUE, "send"),
    State(ACCEPTED, _("Accepted"), BLUE, "thumb-up"),
    State(ARRIVED, _("At work"), BLUE, "tools"),
    State(WAITING, _("On hold"), AMBER, "player-pause"),
    State(DONE, _("Done, to be signed"), GREEN, "check"),
    State(SIGNED, _("Signed"), GREEN, "signature"),
    State(CLOSED, _("Closed"), GREY, "archive", final=True),
    State(CANCELLED, _("Cancelled"), GREY, "ban", final=True),
)
FINAL = (CLOSED, CANCELLED)
OPEN = (REPORTED, DISPATCHED, ACCEPTED, ARRIVED, WAITING)  # somebody still has to do something about the fault
IN_HAND = (DISPATCHED, ACCEPTED, ARRIVED, WAITING)
LIVE = (*OPEN, DONE)

NORMAL, URGENT, CRITICAL = "normal", "urgent", "critical"
URGENCIES = table(
    State(NORMAL, _("Normal"), GREY, "circle"),
    State(URGENT, _("Urgent"), AMBER, "alert-triangle"),
    State(CRITICAL, _("Emergency"), RED, "alarm"),
)

MATERIAL, OUTSIDE, ACCESS, REQUESTER = "material", "outside", "access", "requester"
WAITING_REASONS = table(
    State(MATERIAL, _("Waiting for material"), AMBER, "package"),
    State(OUTSIDE, _("Waiting for an outside firm"), AMBER, "truck"),
    State(ACCESS, _("Waiting for access"), AMBER, "door"),
    State(REQUESTER, _("Waiting for the reporter"), AMBER, "user"),
)

WEB, PHONE, SCAN, PATIENT, IMPORTED, SYSTEM = "web", "phone", "scan", "patient", "import", "system"
CHANNELS = table(
    State(WEB, _("Website"), GREY, "world"),
    State(PHONE, _("Telephone"), GREY, "phone"),
    State(SCAN, _("QR code"), GREY, "qrcode"),
    State(PATIENT, _("Patient or visitor"), GREY, "user"),
    State(IMPORTED, _("Older system"), GREY, "history"),
    State(SYSTEM, _("Platform"), GREY, "server"),
)

ROUND, WORKING = "round", "working"
RUNNINGS = table(
    State(ROUND, _("Round the clock"), BLUE, "clock"),
    State(WORKING, _("In working time"), GREY, "calendar"),
)
RESPOND, COMPLETE = "respond", "complete"
CLOCKS = table(
    State(RESPOND, _("Response"), AMBER, "thumb-up"),
    State(COMPLETE, _("Completion"), BLUE, "check"),
)
LEADER, DUTY, HEAD, MANAGER, OFFICE = "leader", "duty", "head", "manager", "office"
LEVELS = table(  # from the bottom up
    State(LEADER, _("Team leader"), BLUE, "users"),
    State(DUTY, _("On-call and duty officer"), BLUE, "phone"),
    State(HEAD, _("Department head"), AMBER, "user"),
    State(MANAGER, _("Logistics manager"), RED, "user"),
    State(OFFICE, _("Consortium office"), RED, "building"),
)
HOLIDAY, MAKE_UP, AS_WEEK = "holiday", "working", "week"
CALENDAR_DAYS = table(
    State(HOLIDAY, _("Holiday"), RED, "calendar-event"),
    State(MAKE_UP, _("Working day"), GREEN, "briefcase"),
    State(AS_WEEK, _("As the week says"), GREY, "calendar"),
)

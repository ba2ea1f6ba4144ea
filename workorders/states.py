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

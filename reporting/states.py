"""The states of a monthly report, and what a standing can be against its target."""

from django.utils.translation import pgettext_lazy

from flow.states import AMBER, BLUE, GREEN, State, table

DRAFT, SIGNED, SENT = "draft", "signed", "sent"
REPORT_STATES = table(
    State(DRAFT, pgettext_lazy("of a report", "Being written"), AMBER, "edit"),
    State(SIGNED, pgettext_lazy("of a report", "Signed off"), BLUE, "signature"),
    State(SENT, pgettext_lazy("of a report", "Sent"), GREEN, "send", final=True),
)
OFF = ("red", "amber")

"""How far a delivery is, and what a person may choose."""

from django.utils.translation import gettext_lazy as _

from flow.states import AMBER, BLUE, GREEN, GREY, RED, State, table

WAITING, CLAIMED, SENT, FAILED, GIVEN_UP, DROPPED = "waiting", "claimed", "sent", "failed", "given_up", "dropped"
STATES = table(
    State(WAITING, _("Waiting"), BLUE, "clock"),
    State(CLAIMED, _("Being sent"), BLUE, "send"),
    State(SENT, _("Sent"), GREEN, "check", final=True),
    State(FAILED, _("Failed, will be tried again"), AMBER, "refresh"),
    State(GIVEN_UP, _("Given up"), RED, "alert-triangle", final=True),
    State(DROPPED, _("No longer needed"), GREY, "ban", final=True),
)
DUE = (WAITING, FAILED)
TROUBLE = (FAILED, GIVEN_UP)

MAIL, WECOM, DINGTALK, FEISHU = "mail", "wecom", "dingtalk", "feishu"
CHANNELS = (
    (MAIL, _("Mail")),
    (WECOM, _("WeCom group")),
    (DINGTALK, _("DingTalk group")),
    (FEISHU, _("Feishu group")),
)
ROBOTS = CHANNELS[1:]

BELL, NOTHING = "bell", "none"
CHOICES = ((BELL, _("Bell")), (MAIL, _("Bell and e-mail")), (NOTHING, _("Nothing")))

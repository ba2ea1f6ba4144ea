"""Lists, records and forms of channels and announcements."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from notices import announcing, domain, filters, forms, tables
from notices import permissions as perm
from notices.models import Announcement, Delivery, Robot
from notices.states import FAILED, GIVEN_UP, TROUBLE
from ui.crud import Crud

robots = Crud(
    name="notices:robot",
    title=_("Group robots"),
    icon="message",
    queryset=lambda: Robot.objects.select_related("team"),
    view=perm.CHANNEL_CHANGE,
    table=tables.RobotTable,
    form=forms.RobotForm,
    create=domain.add_robot,
    add=perm.CHANNEL_CHANGE,
    add_label=_("New robot"),
    update=domain.edit_robot,
    change=perm.CHANNEL_CHANGE,
    empty=_("A robot tells a group of WeCom, DingTalk or Feishu what happens to its work."),
)
deliveries = Crud(
    name="notices:delivery",
    title=_("Notices that did not arrive"),
    icon="mail",
    queryset=lambda: Delivery.objects.filter(state__in=TROUBLE).select_related("user", "robot"),
    view=perm.CHANNEL_CHANGE,
    table=tables.DeliveryTable,
    filterset=filters.DeliveryFilter,
    tabs=((_("Given up"), f"state={GIVEN_UP}"), (_("Will be tried again"), f"state={FAILED}"), (_("All"), "")),
    empty=_("Everything has arrived."),
)
announcements = Crud(
    name="notices:announcement",
    title=_("Announcements"),
    icon="speakerphone",
    queryset=lambda: Announcement.objects.select_related("place"),
    view=perm.ANNOUNCEMENT_CHANGE,
    table=tables.AnnouncementTable,
    filterset=filters.AnnouncementFilter,
    form=forms.AnnouncementForm,
    create=announcing.announce,
    add=perm.ANNOUNCEMENT_CHANGE,
    add_label=_("Announce"),
    update=announcing.change,
    change=perm.ANNOUNCEMENT_CHANGE,
    tabs=((_("Running or to come"), "standing=running"), (_("Over"), "standing=over"), (_("All"), "")),
    empty=_("What everybody must know for a while, such as “water off 14–16 h, building 3”, is announced here."),
)

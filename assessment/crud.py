"""The pages of answers, appeals, exclusions and actions that the common list and steps draw."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessment import permissions as perm
from assessment.filters import ActionFilters, AppealFilters, ExclusionFilters, ReplyFilters
from assessment.machine import ACTION as ACTIONS
from assessment.machine import APPEAL as APPEALS
from assessment.machine import EXCLUSION as EXCLUSIONS
from assessment.machine import REPLIES
from assessment.models import Action, Appeal, Exclusion, Reply
from assessment.tables import ActionTable, AppealTable, ExclusionTable, ReplyTable
from ui.crud import Crud

REPLY = Crud(
    name="assessment:reply",
    title=_("Answers to published figures"),
    queryset=lambda: Reply.objects.select_related("hospital"),
    view=perm.FROZEN_VIEW,
    table=ReplyTable,
    filterset=ReplyFilters,
    machine=REPLIES,
    tabs=((_("All"), ""), (_("Not answered"), "state=live"), (_("Accepted by silence"), "state=tacit")),
    empty=_("No month has been published yet."),
    icon="checks",
)
APPEAL = Crud(
    name="assessment:appeal",
    title=_("Appeals"),
    queryset=lambda: Appeal.objects.select_related("hospital", "figure", "restated", "filed_by", "decided_by"),
    view=perm.FROZEN_VIEW,
    table=AppealTable,
    filterset=AppealFilters,
    machine=APPEALS,
    tabs=((_("All"), ""), (_("To be decided"), "state=filed"), (_("Upheld"), "state=upheld")),
    empty=_("No appeals. A published figure has a button for it until the deadline."),
    icon="scale",
)
EXCLUSION = Crud(
    name="assessment:exclusion",
    title=_("Records left out"),
    queryset=lambda: Exclusion.objects.select_related("hospital", "appeal"),
    view=perm.FROZEN_VIEW,
    table=ExclusionTable,
    filterset=ExclusionFilters,
    machine=EXCLUSIONS,
    tabs=(
        (_("All"), ""),
        (_("To be decided"), "state=asked"),
        (pgettext_lazy("of an exclusion", "Left out"), "state=approved"),
    ),
    empty=_("No record was asked to be left out. The page of a month that is still open has a button for it."),
    icon="filter",
)
ACTION = Crud(
    name="assessment:action",
    title=_("Improvement actions"),
    queryset=lambda: Action.objects.select_related("hospital", "figure", "owner", "done_by"),
    view=perm.ACTION_VIEW,
    table=ActionTable,
    filterset=ActionFilters,
    machine=ACTIONS,
    tabs=(
        (_("All"), ""),
        (_("Not closed"), "state=live"),
        (_("For me to do"), "mine=owner&state=live"),
        (pgettext_lazy("past its last day", "Overdue"), "overdue=yes"),
    ),
    empty=_("No actions. Published figures below their target ask for them; a figure's page has a button for more."),
    icon="trending-up",
)

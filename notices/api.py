"""Announcements in the API: read by everybody they concern, made and ended by whoever may announce."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from notices import announcing
from notices import permissions as perm
from notices.filters import AnnouncementFilter
from notices.models import Announcement
from tenancy.access import can
from tenancy.models import Hospital, Place
from tenancy.permissions import PLACE_VIEW
from ui.api import Resource, Row


class AnnouncementRow(Row):
    """What everybody concerned must know for a while; without a place it is for the whole hospital."""

    id = serializers.IntegerField()
    hospital = serializers.IntegerField(source="hospital_id")
    hospital_code = serializers.CharField(source="hospital.code")
    text = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    place = serializers.IntegerField(source="place_id", allow_null=True)
    place_name = serializers.CharField(source="place.full_name", allow_null=True)
    department = serializers.CharField()
    made_by_name = serializers.CharField()
    made_at = serializers.DateTimeField()


class AnnouncementParameters(AnnouncementFilter):
    """As on the page: `standing=running` (running or to come) or `over`; and by hospital."""

    hospital = django_filters.NumberFilter(field_name="hospital_id")


class _OfHospital(serializers.PrimaryKeyRelatedField):
    """The id of a hospital where the person may announce; any other is unknown."""

    def get_queryset(self) -> QuerySet[Hospital]:
        return announcing.hospitals_of(self.context["request"].user)


class _Somewhere(serializers.PrimaryKeyRelatedField):
    """The id of a place the person may see; any other is unknown."""

    def get_queryset(self) -> QuerySet[Place]:
        return Place.objects.for_user(self.context["request"].user, PLACE_VIEW)


class ChangedAnnouncement(serializers.Serializer[Any]):
    """What may be corrected; what is left out stays."""

    text = serializers.CharField(max_length=200)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    place = _Somewhere(queryset=Place.objects.none(), required=False, allow_null=True)


class NewAnnouncement(ChangedAnnouncement):
    """What an announcement needs."""

    hospital = _OfHospital(queryset=Hospital.objects.none())


class Announcements(Resource):
    """Announcements that are running or to come where the person works; who may announce sees those that are over, too."""

    queryset = Announcement.objects.all()
    serializer_class = AnnouncementRow
    filterset_class = AnnouncementParameters
    view_permission = perm.ANNOUNCEMENT_CHANGE
    permission_for = {"create": perm.ANNOUNCEMENT_CHANGE}
    sorts = {"-id": ("-id",), "id": ("id",)}

    def get_queryset(self) -> QuerySet[Any]:
        return announcing.readable(self.request.user)

    def _answer(self, made: Announcement, status: int = 200) -> Response:
        row = self.row(made.pk, Announcement.objects.all())
        return Response(self.get_serializer(row).data, status=status)

    def _mine(self) -> Announcement:
        """404 for one that is not the person's to read, 403 for one that is not theirs to change."""
        found: Announcement = self.get_object()
        if not can(self.request.user, perm.ANNOUNCEMENT_CHANGE, found):
            raise PermissionDenied(perm.ANNOUNCEMENT_CHANGE)
        return found

    @extend_schema(request=NewAnnouncement, responses={201: AnnouncementRow})
    def create(self, request: Any) -> Response:
        """Announce something."""
        asked = NewAnnouncement(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        return self._answer(announcing.announce(request.user, **asked.validated_data), 201)

    @extend_schema(request=ChangedAnnouncement, responses=AnnouncementRow)
    def partial_update(self, request: Any, pk: str) -> Response:
        """Correct it; whoever put the old words away sees new words again."""
        made = self._mine()
        asked = ChangedAnnouncement(data=request.data, context={"request": request}, partial=True)
        asked.is_valid(raise_exception=True)
        return self._answer(announcing.change(request.user, made, **asked.validated_data))

    @extend_schema(request=None, responses=AnnouncementRow)
    @action(detail=True, methods=["post"])
    def end(self, request: Any, pk: str) -> Response:
        """It is over now."""
        return self._answer(announcing.end(request.user, self._mine()))

"""Handing out files, through the permission check of what they belong to."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from flow import files
from flow.models import Attachment
from flow.store import path_of


@login_required
@require_GET
def file(request: HttpRequest, pk: int) -> Any:
    """A photo, PDF or signature, for whoever may see what it belongs to; to all others it does not exist."""
    attachment = get_object_or_404(Attachment, pk=pk)
    if not files.may_see(request.user, attachment) or not path_of(attachment.sha256).exists():
        raise Http404
    return files.answer(attachment, request.headers.get("If-None-Match", ""))

"""Who may open a file: the room that owns its subject decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import FileResponse, HttpResponse, HttpResponseNotModified
from django.utils.http import content_disposition_header

from flow.models import Attachment
from flow.store import path_of

# Subject ("workorders.workorder") → (user, id of the subject): may they see it? An unknown subject is seen by nobody.
subject_checks: dict[str, Callable[[Any, int], bool]] = {}
SHOWN = {"image/jpeg", "image/png", "application/pdf"}


def may_see(user: Any, attachment: Attachment) -> bool:
    check = subject_checks.get(attachment.subject)
    return bool(check and check(user, attachment.subject_id))


def answer(attachment: Attachment, known: str = "") -> HttpResponse | FileResponse | HttpResponseNotModified:
    """The file itself, never sniffed, kept by this browser only. `known`: what the browser says it has."""
    etag = f'"{attachment.sha256}"'
    headers = {"ETag": etag, "Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}
    if known == etag:
        return HttpResponseNotModified(headers=headers)
    inline = attachment.content_type in SHOWN
    disposition = content_disposition_header(not inline, attachment.name)
    kind = attachment.content_type if inline else "application/octet-stream"
    return FileResponse(
        path_of(attachment.sha256).open("rb"),
        content_type=kind,
        headers={**headers, "Content-Disposition": disposition or "attachment"},
    )

"""The file store: every upload is sniffed, limited, re-encoded and kept under the sha256 of what is kept.

Re-encoding drops the place and device that a phone writes into a photo, and whatever hides behind the picture.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

LONGEST_EDGE = 2000  # pixels: a rating plate stays readable
MOST_PIXELS = 60_000_000
PDF = "application/pdf"
IMAGE_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")  # JPEG opens MPO, the two-lens photos of some phones, too


@dataclass(frozen=True)
class Kept:
    """A file as it lies in the store."""

    sha256: str
    name: str
    content_type: str
    size: int


def path_of(sha256: str) -> Path:
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256


def content_of(sha256: str) -> bytes | None:
    """What lies in the store; None where the file is gone, as after a database that was brought back without its files."""
    path = path_of(sha256)
    return path.read_bytes() if path.exists() else None


def keep(upload: Any, picture: bool = False) -> Kept:
    """Take an upload into the store. Raises ValidationError saying what is wrong with it.

    `picture`: a PDF will not do.
    """
    if upload.size > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 1_000_000
        raise ValidationError(_("The file is larger than %(limit)s MB."), code="too_large", params={"limit": limit})
    if upload.size == 0:
        raise ValidationError(_("The file is empty."), code="empty")
    content = upload.read()
    if content.startswith(b"%PDF-"):
        if picture:
            raise ValidationError(_("A photo, please: this is a PDF."), code="wrong_type")
        kind, suffix = PDF, ".pdf"
    else:
        content, kind, suffix = _clean_image(content)
    digest = hashlib.sha256(content).hexdigest()
    _write(path_of(digest), content)
    stem = re.sub(r"[\x00-\x1f/\\<>\"':*?|]+", " ", Path(upload.name or "file").stem).strip()[:100] or "file"
    return Kept(digest, stem + suffix, kind, len(content))


def _clean_image(content: bytes) -> tuple[bytes, str, str]:
    try:
        with Image.open(io.BytesIO(content), formats=IMAGE_FORMATS) as image:
            if image.width * image.height > MOST_PIXELS:
                raise ValidationError(_("The picture has too many pixels."), code="too_large")
            image.thumbnail((LONGEST_EDGE, LONGEST_EDGE))  # first, so that only the small picture is turned
            upright = ImageOps.exif_transpose(image)
            out = io.BytesIO()
            if image.format == "PNG":
                upright.convert("RGBA").save(out, "PNG", optimize=True)
                return out.getvalue(), "image/png", ".png"
            upright.convert("RGB").save(out, "JPEG", quality=82, optimize=True)
            return out.getvalue(), "image/jpeg", ".jpg"
    except ValidationError:
        raise
    except Exception as error:  # bytes that only look like a picture make its decoder fail in any way there is
        raise ValidationError(_("Only photos and PDF files can be attached."), code="wrong_type") from error


def _write(path: Path, content: bytes) -> None:
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(name, path)

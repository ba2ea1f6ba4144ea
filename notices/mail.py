"""By e-mail: plain words, one link per notice, a Message-ID by which a repeat is recognised."""

from __future__ import annotations

import smtplib
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notices.channels import PATIENCE, PAUSE, Failure, Parcel


class Mailbox:
    """A connection to the mail server, opened with the first message and kept for the next."""

    def __init__(self) -> None:
        self.connection: Any = None

    def send(self, parcel: Parcel) -> None:
        """Hand one message over. Raises Failure."""
        self._open()
        try:
            self.connection.send_messages([message(parcel)])
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = next(iter(refused.recipients.values()))
            raise _answered(code, words) from refused
        except smtplib.SMTPResponseException as refused:
            raise _answered(refused.smtp_code, refused.smtp_error) from refused
        except OSError as error:  # smtplib's own errors are OSErrors, too
            raise self._away(error) from error

    def _open(self) -> None:
        """Whatever goes wrong here goes wrong for everybody: the server pauses, nobody's mail is given up for it."""
        if self.connection is not None:
            return
        self.connection = get_connection(timeout=PATIENCE)
        try:
            self.connection.open()
        except OSError as error:
            raise self._away(error) from error

    def _away(self, error: Exception) -> Failure:
        self.connection = None
        return Failure(f"{type(error).__name__}: {error}", rest=PAUSE)

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()


def _answered(code: int, words: bytes | str) -> Failure:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return Failure(f"{code} {text}", lasting=code >= 500)


def message(parcel: Parcel) -> EmailMessage:
    """The words, in the language that is switched on."""
    first, count = parcel.lines[0], len(parcel.lines)
    if count == 1:
        subject = f"{first.sentence} · {first.title}"
    else:
        subject = ngettext("%(count)s notice", "%(count)s notices", count) % {"count": count}
    parts = [f"{line.sentence}\n{line.title}\n{line.url}" for line in parcel.lines]
    choose = settings.BASE_URL.rstrip("/") + reverse("notices:preferences")
    where = _("What is mailed to you, and when, you choose here:")
    parts.append(f"-- \n{parcel.hospital}\n{where}\n{choose}")
    headers = {"Message-ID": message_id(parcel.message_id), "Auto-Submitted": "auto-generated"}
    return EmailMessage(" ".join(subject.split()), "\n\n".join(parts), to=[parcel.email], headers=headers)


def message_id(name: str) -> str:
    return f"<{name}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}>"

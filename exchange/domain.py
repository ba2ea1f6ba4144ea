"""The way in: hand in a file, assign its columns, try it dry, bring it in once. Who runs a job may be killed any time."""

from __future__ import annotations

import hashlib
import logging
from datetime import timedelta
from functools import partial
from typing import Any

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from exchange import reading
from exchange.importers import Importer, importers
from exchange.models import Job, Mapping
from exchange.states import CHECK, DONE, FAILED, NEW, QUEUED, RUNNING, WRITE
from flow import domain as flow
from flow.origin import IMPORT, coming
from tenancy.access import hospitals_with
from tenancy.locks import hold
from tenancy.models import Hospital
from tenancy.scope import scope
from ui.excel import Table, TableError

log = logging.getLogger(__name__)
SILENT = timedelta(minutes=5)  # no task lives longer than two: who is silent for five was killed
ATTEMPTS = 3


def need(actor: Any, importer: Importer, hospital_id: int) -> None:
    """Raises PermissionDenied unless the actor may bring this in at this hospital."""
    if hospital_id not in hospitals_with(actor, importer.permission):
        raise PermissionDenied(importer.permission)


def _lock(job: Job) -> None:
    """One at a time brings in records of a kind at a hospital."""
    hold(f"import {job.kind}", job.hospital_id)


def earlier(kind: str, hospital_id: int, sha256: str) -> Job | None:
    """The job that brought this very file in, if one has."""
    found = Job.objects.filter(kind=kind, hospital_id=hospital_id, sha256=sha256, written_at__isnull=False)
    return found.defer("content").first()


class Again(ValidationError):
    """The same file was brought in before; `job` is the one that did."""

    def __init__(self, job: Job):
        self.job = job
        words = _("This very file was brought in on %(day)s by %(name)s; nothing is brought in twice.")
        at = timezone.localtime(job.written_at)
        super().__init__(words % {"day": f"{at:%Y-%m-%d %H:%M}", "name": job.asked_by_name}, code="again")


def hand_in(actor: Any, *, importer: Importer, hospital: Hospital, content: bytes, name: str) -> Job:
    """Take a file. Raises ValidationError for what is no table or too large, `Again` for what was brought in before."""
    need(actor, importer, hospital.pk)
    if len(content) > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 1_000_000
        raise ValidationError({"file": _("The file is larger than %(limit)s MB.") % {"limit": limit}})
    table = table_of(content, name)
    sha256 = hashlib.sha256(content).hexdigest()
    if before := earlier(importer.key, hospital.pk, sha256):
        raise Again(before)
    return Job.objects.create(
        hospital=hospital, kind=importer.key, name=name[-120:], sha256=sha256, content=content, lines=len(table.rows),
        params={"columns": reading.guess(importer, table.header), "options": {}},
        asked_by_id=actor.pk, asked_by_name=actor.name, asked_at=timezone.now(),
    )  # fmt: skip


def table_of(content: bytes, name: str) -> Table:
    """The file as a table with lines and distinct titles. Raises ValidationError saying why it is none."""
    try:
        table = reading.open_table(content, name)
    except TableError as error:
        raise ValidationError({"file": str(error)}) from error
    if not table.rows:
        raise ValidationError({"file": _("The file has titles but no lines below them.")})
    if twice := reading.repeated(table):
        raise ValidationError({"file": _("Two columns have the same title: %(titles)s") % {"titles": ", ".join(twice)}})
    return table


@transaction.atomic
def arrange(actor: Any, job: Job, *, columns: dict[str, str], options: dict[str, Any], remember_as: str = "") -> Job:
    """Say which column is which, and ask for the dry run. The assignment may be kept by name for the next file."""
    importer = importers()[job.kind]
    need(actor, importer, job.hospital_id)
    if job.written_at:
        raise ValidationError(_("This file has been brought in already."), code="stale")
    if unknown := columns.keys() - importer.by_key.keys():
        raise ValidationError(_("There is no fact “%(keys)s” here.") % {"keys": ", ".join(sorted(unknown))})
    if lacking := reading.missing(importer, columns):
        raise ValidationError(_("Please assign: %(columns)s") % {"columns": ", ".join(lacking)})
    importer.prepare(actor, job.hospital, options)  # wrong options are told now
    job.params = {"columns": columns, "options": options}
    if remember_as.strip():
        Mapping.objects.update_or_create(
            hospital=job.hospital, kind=job.kind, name=remember_as.strip()[:60], defaults={"columns": job.params}
        )
    return _queue(job, CHECK)


@transaction.atomic
def bring_in(actor: Any, job: Job, *, skip: bool = False) -> Job:
    """Ask for the writing of what the dry run found right; `skip`: bad lines are left out on purpose."""
    importer = importers()[job.kind]
    need(actor, importer, job.hospital_id)
    if before := earlier(job.kind, job.hospital_id, job.sha256):
        raise Again(before)
    if job.step != CHECK or job.state != DONE:
        raise ValidationError(_("This file has not been tried yet."), code="stale")
    if job.result["fault_count"] and not (skip and importer.may_skip):
        raise ValidationError(_("There are cells to correct first; nothing was written."))
    if not job.result["right"]:
        raise ValidationError(_("There is no line that could be brought in."))
    job.params = {**job.params, "skip": skip}
    return _queue(job, WRITE)


def _queue(job: Job, step: str) -> Job:
    job.step, job.state, job.error, job.attempts, job.progress = step, QUEUED, "", 0, 0
    job.save(update_fields=["params", "step", "state", "error", "attempts", "progress"])
    return job


def start(job: Job) -> None:
    """Small files are done while the person waits; for the others a worker gets the hint."""
    if job.lines <= importers()[job.kind].at_once:
        run(job.hospital_id, job.pk)
    else:
        hint = partial(current_app.send_task, "exchange.tasks.run_job", [job.hospital_id, job.pk])
        transaction.on_commit(hint, robust=True)


def waiting(now: Any) -> list[tuple[int, int]]:
    """(hospital, job) of everything to be run: queued, or running without a sign of life."""
    unfinished = Job.objects.filter(state=QUEUED) | Job.objects.filter(state=RUNNING, beat_at__lt=now - SILENT)
    return list(unfinished.order_by("id").values_list("hospital_id", "id"))


def run(hospital_id: int, job_id: int, actor: Any = None) -> Job | None:
    """Run a waiting job: claim it, then read, check and perhaps write in one transaction. None: not ours to run.

    It is done in the name of who asked for it (or of `actor`), with what they may do now. A worker that is killed
    leaves nothing half written; after five silent minutes the next tick takes the job again.
    """
    with scope([hospital_id]):
        claimed = _claim(job_id)
    if claimed is None:
        return None
    language = claimed.asked_by.language if claimed.asked_by else settings.LANGUAGE_CODE
    with scope([hospital_id]), translation.override(language):
        rows = Job.objects.select_for_update(of=("self",)).select_related("hospital", "asked_by")
        job: Job = rows.get(pk=job_id)
        try:
            with transaction.atomic(), coming(IMPORT):
                _work(job, actor or job.asked_by)
        except ValidationError as error:
            _fail(job, "; ".join(error.messages))
        except PermissionDenied:
            _fail(job, _("You may not do this here any more."))
        except Exception:
            log.exception("job %s failed", job.pk)
            _fail(job, _("Something unexpected happened; nothing was written. The administrator finds it in the log."))
        job.save(update_fields=["step", "state", "result", "error", "progress", "ended_at", "written_at"])
    return job


def _claim(job_id: int) -> Job | None:
    now = timezone.now()
    job = Job.objects.select_for_update(of=("self",), skip_locked=True).defer("content").filter(pk=job_id).first()
    if job is None or not (job.state == QUEUED or (job.state == RUNNING and job.beat_at < now - SILENT)):
        return None
    job.state, job.beat_at, job.attempts = RUNNING, now, job.attempts + 1
    if job.attempts > ATTEMPTS:
        _fail(job, _("This was started %(times)s times and never came to an end.") % {"times": ATTEMPTS})
    job.save(update_fields=["state", "beat_at", "attempts", "error", "ended_at"])
    return job if job.state == RUNNING else None


def _fail(job: Job, why: str) -> None:
    job.state, job.error, job.ended_at = FAILED, why[:500], timezone.now()


def _work(job: Job, actor: Any) -> None:
    importer = importers()[job.kind]
    need(actor, importer, job.hospital_id)
    if job.step == WRITE:
        _lock(job)
        if before := earlier(job.kind, job.hospital_id, job.sha256):
            raise Again(before)
    context = importer.prepare(actor, job.hospital, job.params["options"])
    table = table_of(bytes(job.content), job.name)
    found = reading.read(importer, table, job.params, context, lambda done, total: tell(job, done, total))
    job.result = _result(importer, context, found)
    if job.step == WRITE:
        _write(actor, importer, context, job, found)
    job.state, job.progress, job.ended_at = DONE, job.lines, timezone.now()


def _result(importer: Importer, context: Any, found: reading.Reading) -> dict[str, Any]:
    summary = importer.summary(context, found.records) if importer.summary else []
    return {
        "faults": found.faults,
        "fault_count": found.fault_count,
        "bad_lines": len(found.bad_lines),
        "right": len(found.records),
        "summary": [[str(name), str(value)] for name, value in summary],
    }


def _write(actor: Any, importer: Importer, context: Any, job: Job, found: reading.Reading) -> None:
    if found.fault_count and not job.params.get("skip"):  # somebody was faster and took a code, a number, a name
        job.step = CHECK
        return
    made = importer.write(context, found.records)
    job.result["made"] = [[str(words), count] for words, count in made.items()]
    job.written_at = timezone.now()
    facts = {"file": job.name, "sha256": job.sha256, "lines": len(found.records), "left_out": len(found.bad_lines)}
    flow.record(job, "brought_in", actor, at=job.written_at, data=facts)


def tell(job: Job, done: int, total: int) -> None:
    """How far it is, for those who look; beside the transaction, which shows nothing until it ends."""
    cache.set(f"job:{job.pk}", [done, total], timeout=3600)


def progress(job: Job) -> tuple[int, int]:
    """(lines done, all lines) as far as is known."""
    if job.state in (NEW, QUEUED):
        return 0, job.lines
    if job.state == RUNNING:
        done, total = cache.get(f"job:{job.pk}") or (0, job.lines)
        return done, total
    return job.progress, job.lines

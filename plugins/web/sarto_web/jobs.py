"""Builds that people ask for: made one after the other in the background, kept for a while, and handed out."""

from __future__ import annotations

import asyncio
import json
import shutil
import zipfile
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from sarto.errors import SartoError
from sarto.line import Built, ProductLine
from sarto.model.selection import Selection
from sarto.order_book import BookedOrder

from .limits import Limits
from .problems import Code, Problem, error_data, not_found

__all__ = ["Job", "JobState", "Jobs"]

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in an archive: the same build gives the same bytes."""

PACKED = "tar.zst"
"""The archive that is handed out where a plugin makes it; a zip otherwise."""


Made = tuple[Path, Path]
"""The folder of a build, and the archive that is handed out."""


class JobState(StrEnum):
    """How far a job has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(slots=True)
class Job:
    """One build of what a ``room`` said at a version, or one that an ``order`` at a version is upgraded to.

    ``error`` says why there is none.
    """

    id: str
    version: int
    room: str = ""
    order: str = ""
    state: JobState = JobState.WAITING
    folder: Path | None = None
    archive: Path | None = None
    error: dict[str, Any] | None = None


class Jobs:
    """The builds of one line. Their folder is this server's own: what an earlier one has left in it goes."""

    def __init__(self, line: ProductLine, folder: Path, limits: Limits) -> None:
        self._line = line
        self._folder = folder
        self._kept = folder.with_name("kept")
        self._limits = limits
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._worker = ThreadPoolExecutor(1, "build")
        shutil.rmtree(folder, ignore_errors=True)

    def start(self, room: str, version: int, selection: AbstractContextManager[Selection]) -> Job:
        """Begin to build the selection, which is there as long as it is built; one of the same is not made twice."""
        for job in self._jobs.values():
            if (job.room, job.version) == (room, version) and job.state is not JobState.FAILED:
                return job
        job = Job(token_urlsafe(18), version, room=room)
        return self._begin(job, lambda: self._built(self._folder / job.id, selection))

    def upgrade(self, order: str, version: int, make: Callable[[Path], Built]) -> Job:
        """Begin to upgrade an order, by what makes the build in a folder and writes it down; it is kept for good."""
        for job in self._jobs.values():
            if (job.order, job.version) == (order, version) and job.state in (JobState.WAITING, JobState.RUNNING):
                return job
        job = Job(token_urlsafe(18), version, order=order)
        return self._begin(job, lambda: self._archived(make(self._kept / job.id).outputs["bundle"]))

    def get(self, id: str) -> Job:
        """A job by its id. Raises a Problem where there is none."""
        job = self._jobs.get(id)
        if job is None:
            raise not_found("there is no such job", Code.NO_JOB)
        return job

    def keep(self, job: Job) -> tuple[str, str]:
        """Keep a build that is done for good, for the order book: its lock, and what the book says of it."""
        if job.folder is None:
            raise Problem(409, Code.NOT_BUILT, "the build is not done", hint="wait for it")
        kept = self._kept / job.id / job.folder.name
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            aside = kept.with_name(f".{kept.name}")
            shutil.rmtree(aside, ignore_errors=True)
            shutil.copytree(job.folder, aside)
            aside.rename(kept)
        digest = sha256((kept / "build.json").read_bytes()).hexdigest()
        lock = (kept / "pylock.toml").read_text(encoding="utf-8")
        return lock, json.dumps({"sha256": digest, "folder": str(kept)})

    def archive_of(self, order: BookedOrder) -> Path:
        """The build of an order as one file. Raises a Problem where it is not here as the order book says it is."""
        try:
            said = json.loads(order.build)
            folder = self._line.folder / said["folder"]
            is_it = sha256((folder / "build.json").read_bytes()).hexdigest() == said["sha256"]
        except (ValueError, KeyError, TypeError, OSError):
            is_it = False
        if not is_it:
            what = "the build of this order is not here" if order.build else "this order has no build yet"
            raise Problem(409, Code.NOT_BUILT, what, hint="ask the vendor for it")
        return self._archived(folder)[1]

    def close(self) -> None:
        """Build no more, and remove what was built."""
        self._worker.shutdown(wait=False, cancel_futures=True)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _make_room(self) -> None:
        """Forget the oldest jobs that are over. Raises a Problem where too many are not."""
        over = [job for job in self._jobs.values() if job.state in (JobState.DONE, JobState.FAILED)]
        for job in over[: max(0, len(self._jobs) - self._limits.jobs + 1)]:
            del self._jobs[job.id]
            shutil.rmtree(self._folder / job.id, ignore_errors=True)
        if len(self._jobs) >= self._limits.jobs:
            raise Problem(
                503, Code.TOO_MANY_BUILDS, "too many builds are waiting", hint="try again in a while",
                headers={"retry-after": "60"},
            )  # fmt: skip

    def _begin(self, job: Job, make: Callable[[], Made]) -> Job:
        self._make_room()
        self._jobs[job.id] = job
        asyncio.get_running_loop().run_in_executor(self._worker, self._make, job, make)
        return job

    def _built(self, folder: Path, selection: AbstractContextManager[Selection]) -> Made:
        packed = {each.name for each in self._line.plugins.build_formats()} & {PACKED}
        with selection as there:
            built = self._line.build(there, folder, ("bundle", *packed))
        bundle = built.outputs["bundle"]
        return bundle, built.outputs[PACKED] if packed else zipped(bundle, bundle.with_name(f"{bundle.name}.zip"))

    def _archived(self, bundle: Path) -> Made:
        """A build that stays where it is, with an archive of this server's own."""
        digest = sha256((bundle / "build.json").read_bytes()).hexdigest()
        archive = self._folder / "archives" / digest / f"{bundle.name}.zip"
        if not archive.exists():
            archive.parent.mkdir(parents=True, exist_ok=True)
            zipped(bundle, archive.with_suffix(f".{token_urlsafe(6)}")).replace(archive)
        return bundle, archive

    def _make(self, job: Job, make: Callable[[], Made]) -> None:
        """Build, in the worker's thread; whatever happens, the job says how it ended."""
        job.state = JobState.RUNNING
        try:
            job.folder, job.archive = make()
            job.state = JobState.DONE
        except SartoError as error:
            job.error, job.state = error_data(error), JobState.FAILED
        except Exception:
            job.error = Problem(500, Code.BUILD_FAILED, "the build has failed", hint="the server's log says more").error
            job.state = JobState.FAILED
            raise


def zipped(folder: Path, archive: Path) -> Path:
    """A folder as a zip archive, without compressing what is compressed: wheels and the like."""
    with zipfile.ZipFile(archive, "w") as out:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                name = file.relative_to(folder.parent).as_posix()
                entry = zipfile.ZipInfo(name, EPOCH)
                entry.external_attr = (file.stat().st_mode & 0o777) << 16
                with file.open("rb") as content, out.open(entry, "w") as to:
                    shutil.copyfileobj(content, to)
    return archive

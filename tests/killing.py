"""Runs commands that are killed, paused or short of room at the n-th moment at which they change a file.

``python -m tests.killing`` imports everything once and then forks a process for each job that it reads, one JSON object
a line; no query has run by then, so that no pool of threads is lost in the fork. :class:`Runner` is the test's side.
"""

import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[1]
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_CHANGES = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink", "os.truncate", "os.chmod")
_FSYNC = "tests.fsync"


@dataclass(frozen=True)
class Ran:
    """How a command ended: its exit code (below zero: the signal), what it said, at how many moments it changed files."""

    code: int
    output: str
    moments: int


class Runner:
    """A warm interpreter that runs commands of the command line, each in a process of its own."""

    def __init__(self, folder: Path) -> None:
        """Start it; ``folder`` takes what the commands say and leave in the temporary folder."""
        self._folder = folder
        self._output = folder / "output.txt"
        environment = os.environ | {"TMPDIR": str(folder), "OPENBLAS_NUM_THREADS": "1", "COLUMNS": "200"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.killing"],
            cwd=PROJECT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, *arguments: str | Path, **at: int | str) -> None:
        """Start a command: ``kill_at`` or ``pause_at`` a moment (from 1), ``most_bytes`` in a file."""
        job = {"arguments": [str(argument) for argument in arguments], "output": str(self._output), **at}
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()

    def ended(self) -> Ran:
        """Wait for the command that was started."""
        assert self._process.stdout is not None
        answer = json.loads(self._process.stdout.readline())
        return Ran(answer["code"], self._output.read_text(encoding="utf-8"), answer["moments"])

    def run(self, *arguments: str | Path, **at: int | str) -> Ran:
        """Run a command to its end."""
        self.start(*arguments, **at)
        return self.ended()

    def close(self) -> None:
        """End the interpreter."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


class _Moments:
    """Counts the moments at which the process is about to change a file; stops it, one way or another, at one of them."""

    def __init__(self, job: dict[str, Any], counter: int) -> None:
        """Watch from now on; the count goes to the file ``counter``."""
        self._job, self._counter = job, counter
        self._count, self._lock = 0, threading.Lock()  # commands change files in several threads
        fsync = os.fsync

        def told_fsync(descriptor: int) -> None:
            sys.audit(_FSYNC, descriptor)
            fsync(descriptor)

        os.fsync = told_fsync
        sys.addaudithook(self._heard)

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in _CHANGES or event == _FSYNC or (event == "open" and _is_writing(arguments)):
            with self._lock:
                self._count += 1
                count = self._count
                os.pwrite(self._counter, f"{count}\n".encode(), 0)
            if count == self._job.get("kill_at"):
                os.kill(os.getpid(), signal.SIGKILL)
            if count == self._job.get("pause_at"):
                _wait_at(Path(self._job["paused"]), Path(self._job["go_on"]))


def _is_writing(arguments: tuple[Any, ...]) -> bool:
    path, mode, flags = arguments
    is_file = isinstance(path, (str, bytes)) and not str(path).startswith("/dev/")
    return is_file and bool((isinstance(mode, str) and set(mode) & set("wax+")) or (flags or 0) & _WRITING)


def _wait_at(paused: Path, go_on: Path) -> None:
    paused.touch()
    while not go_on.exists():
        time.sleep(0.01)


def _run(job: dict[str, Any], counter: int, output: int) -> None:
    """Be the command, which speaks into the pipe ``output``; never returns."""
    nothing = os.open(os.devnull, os.O_RDONLY)
    for descriptor, source in ((0, nothing), (1, output), (2, output)):
        os.dup2(source, descriptor)
    os.close(output)
    if "most_bytes" in job:
        resource.setrlimit(resource.RLIMIT_FSIZE, (job["most_bytes"], job["most_bytes"]))
    code = 1
    try:
        from pipelines.cli import app

        _Moments(job, counter)
        app(job["arguments"], prog_name="panorama")
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else int(left.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def serve(jobs: Sequence[str] | Any) -> None:
    """Run each job in a fork and answer with how it ended."""
    counter = os.memfd_create("moments")
    for line in jobs:
        job = json.loads(line)
        os.pwrite(counter, b"0\n", 0)
        os.ftruncate(counter, 2)
        heard, output = os.pipe()
        if (child := os.fork()) == 0:
            _run(job, counter, output)
        os.close(output)
        with open(heard, "rb") as said, open(job["output"], "wb") as kept:
            kept.write(said.read())
        _, status = os.waitpid(child, 0)
        moments = int(os.pread(counter, 20, 0).split(b"\n")[0])
        print(json.dumps({"code": os.waitstatus_to_exitcode(status), "moments": moments}), flush=True)


if __name__ == "__main__":
    import pipelines.build
    import pipelines.commands.load
    import pipelines.intake.fix_copy
    import pipelines.intake.loading
    import pipelines.intake.publishing
    import pipelines.intake.rolling_back  # noqa: F401

    serve(sys.stdin)

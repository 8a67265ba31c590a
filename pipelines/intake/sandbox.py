"""Starts the process that reads one file, within limits of memory and time, and takes over what it found.

What the process writes goes to a temporary file without a name: nothing is left behind, however this ends.
"""

import json
import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from pipelines.intake.limits import Limits
from pipelines.intake.refused import Refused

_ROOT = Path(__file__).parents[2]
_TICK_SECONDS = 0.2
_GRACE_SECONDS = 30
_ENVIRONMENT = {"MALLOC_ARENA_MAX": "2", "PYTHONUTF8": "1"}
TOO_MUCH_MEMORY = "too_much_memory"
_EXCEL = (".xlsx", ".xlsm")
_ENDS = {
    -signal.SIGABRT: TOO_MUCH_MEMORY,
    -signal.SIGXCPU: "too_slow",
    -signal.SIGKILL: "too_slow",
}


@dataclass(frozen=True)
class Reading:
    """What the process found: one entry for each sheet, and the bytes that its blocks point into."""

    sheets: list[dict[str, Any]]
    content: bytes


def read_apart(file: BinaryIO, suffix: str, limits: Limits, on_rows: Callable[[int, int | None], None]) -> Reading:
    """Read one file in a process of its own; Refused says why it was not read."""
    try:
        return _run(file, suffix, limits, on_rows)
    except Refused as refused:
        if refused.code == TOO_MUCH_MEMORY and suffix in _EXCEL:
            _run(file, suffix, limits, on_rows, is_measuring=True)
        raise


def _run(
    file: BinaryIO,
    suffix: str,
    limits: Limits,
    on_rows: Callable[[int, int | None], None],
    *,
    is_measuring: bool = False,
) -> Reading:
    job = {"suffix": suffix, "limits": asdict(limits), "parent": os.getpid(), "is_measuring": is_measuring}
    with tempfile.TemporaryFile(prefix="panorama-") as output:
        with _process(file, output) as process:
            sheets = _followed(process, job, limits, on_rows)
        output.seek(0)
        return Reading(sheets, output.read())


def _import_path() -> list[str]:
    inherited = os.environ.get("PYTHONPATH")
    return [str(_ROOT), inherited] if inherited else [str(_ROOT)]


@contextmanager
def _process(file: BinaryIO, output: BinaryIO) -> Iterator[subprocess.Popen[bytes]]:
    """The reading process; it is gone when the block ends, however it ends."""
    descriptors = (file.fileno(), output.fileno())
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, numbers as arguments
        [sys.executable, "-P", "-m", "pipelines.intake.child", *map(str, descriptors)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        pass_fds=descriptors,
        env={**os.environ, **_ENVIRONMENT, "PYTHONPATH": os.pathsep.join(_import_path())},
        start_new_session=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()


def _followed(
    process: subprocess.Popen[bytes], job: dict[str, object], limits: Limits, on_rows: Callable[[int, int | None], None]
) -> list[dict[str, Any]]:
    """Give the job, pass progress on, and return the sheets that the last message tells of."""
    for message in _messages(process, job, limits.seconds):
        if "refused" in message:
            raise Refused(message["refused"], **message["values"])
        if "sheets" in message:
            return message["sheets"]
        on_rows(message.get("rows", 0), message.get("total"))
    code = process.wait(_GRACE_SECONDS)
    raise Refused(
        _ENDS.get(code, "unreadable"),
        megabytes_allowed=limits.memory_bytes >> 20,
        seconds_allowed=limits.seconds,
        reason=str(code),
    )


def _messages(process: subprocess.Popen[bytes], job: dict[str, object], seconds: int) -> Iterator[dict[str, Any]]:
    """Messages as they come, an empty one now and then while none does; ends with the process."""
    assert process.stdin is not None  # noqa: S101 - both are pipes
    assert process.stdout is not None  # noqa: S101
    try:
        process.stdin.write(json.dumps(job).encode() + b"\n")
        process.stdin.flush()
    except BrokenPipeError:
        return
    source, rest, deadline = process.stdout.fileno(), b"", time.monotonic() + seconds
    while True:
        if time.monotonic() > deadline:
            raise Refused("too_slow", seconds_allowed=seconds)
        if not select.select([source], [], [], _TICK_SECONDS)[0]:
            yield {}
            continue
        piece = os.read(source, 1 << 20)
        if not piece:
            return
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            yield json.loads(line)

"""The dashboard, served for tests as readers get it: in a process of its own, on a free port of this machine."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
SERVE = "from dashboard.server import serve; serve(port={port})"


@dataclass
class Server:
    """A dashboard being served: its address, the edition it shows (none: empty), its process and what it logs."""

    url: str
    edition: str
    process_id: int
    log: Path


@contextmanager
def serving(editions: Path, log: Path, *, code: str = SERVE) -> Iterator[Server]:
    """Serve the editions of a folder until the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-c", code.format(port=port)],
            cwd=PROJECT,
            env={**os.environ, "PANORAMA_EDITIONS": str(editions)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    url = f"http://127.0.0.1:{port}"
    try:
        yield Server(url, _edition_when_ready(url, process, log), process.pid, log)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _edition_when_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> str:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
                return json.load(answer)["edition"]
        except urllib.error.HTTPError:
            return ""
        except OSError:  # not listening yet, or still warming up
            time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text(encoding='utf-8', errors='replace')[-3000:]}")

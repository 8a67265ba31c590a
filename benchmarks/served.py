"""Serves the dashboard and the floors, each in a process of its own with the same middleware and settings."""

import gc
import importlib
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PROJECT = HERE.parent
PANORAMA = "from dashboard.server import serve; serve(port={port})"
FLOOR = "from benchmarks.served import serve_floor; serve_floor('{script}', {port})"
# the cold start of the floor is that of Streamlit alone: nothing of ours is imported
BARE = (
    "import streamlit as st; "
    "st.App('benchmarks/{script}').run(config={{'server.port': {port}, 'server.address': '127.0.0.1'}})"
)


@dataclass
class Served:
    """A server that runs: its address, its process, and how long it took until it was ready (seconds)."""

    url: str
    process_id: int
    seconds_to_ready: float

    @property
    def memory(self) -> int:
        """Bytes of memory that the process holds now; zero where the system does not say."""
        try:
            pages = int(Path(f"/proc/{self.process_id}/statm").read_text(encoding="ascii").split()[1])
        except OSError:
            return 0
        return pages * os.sysconf("SC_PAGE_SIZE")


def serve_floor(script: str, port: int) -> None:
    """Serve a floor as the dashboard is served: compression, headers, frozen garbage collection."""
    import streamlit as st
    from starlette.middleware import Middleware

    from dashboard.server import Compression, Page, send_at_once

    @asynccontextmanager
    async def lifespan(_app: Any) -> AsyncIterator[dict[str, Any]]:
        send_at_once()
        importlib.import_module("plotly.graph_objects")
        gc.collect()
        gc.freeze()
        yield {}

    middleware = [Middleware(Compression), Middleware(Page, head="")]
    app = st.App(HERE / script, lifespan=lifespan, middleware=middleware)
    app.run(config={"server.port": port, "server.address": "127.0.0.1", "server.headless": True})


@contextmanager
def served(code: str, editions: Path, health: str = "/_stcore/health", **words: str) -> Iterator[Served]:
    """Serve until the block ends; RuntimeError with the log where the server does not become ready."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-c", code.format(port=port, **words)],
        cwd=PROJECT,
        env={**os.environ, "PANORAMA_EDITIONS": str(editions)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        while not _is_ready(url + health):
            if process.poll() is not None or time.perf_counter() - started > 90:
                raise RuntimeError(f"the server did not start: {code}")
            time.sleep(0.01)
        yield Served(url, process.pid, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(timeout=20)


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=60) as answer:
            return answer.status == 200
    except OSError:
        return False

"""Readers without a browser: sessions that speak Streamlit's protocol, for server times and load."""

import asyncio
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

_MOST_RUNS_KEPT = 2  # Streamlit's global.maxCachedMessageAge


@dataclass
class Load:
    """What a load did: seconds of each interaction, errors, bytes of memory before and at the end."""

    seconds: list[float] = field(default_factory=list)
    errors: int = 0
    memory_before: int = 0
    memory_after: int = 0


class Session:
    """One reader's connection; ``rerun`` waits until the server has finished the run.

    Like a browser it keeps long messages for two more runs and tells the server which it has: those are not sent again.
    """

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.page_hash = ""
        self.last_html = ""  # of a run: the foot of the page, which names the edition
        self.kept: dict[str, int] = {}  # hash of a message -> runs since it was last used

    async def rerun(self, query: str, page: str = "") -> float:
        """Ask for a run of a page; seconds until the server says that it has ended. RuntimeError for a failed run."""
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = page
        message.rerun_script.page_script_hash = "" if page else self.page_hash
        message.rerun_script.cached_message_hashes.extend(self.kept)
        started = time.perf_counter()
        await self.connection.send(message.SerializeToString())
        while True:
            answer = ForwardMsg.FromString(await self.connection.recv(decode=False))
            kind = answer.WhichOneof("type")
            if kind == "ref_hash":
                self.kept[answer.ref_hash] = 0
            elif answer.metadata.cacheable:
                self.kept[answer.hash] = 0
            if kind == "new_session":
                self.page_hash = answer.new_session.page_script_hash
            elif kind == "navigation":
                self.page_hash = answer.navigation.page_script_hash or self.page_hash
            elif kind == "delta" and answer.delta.new_element.WhichOneof("type") == "exception":
                raise RuntimeError(answer.delta.new_element.exception.message)
            elif kind == "delta" and answer.delta.new_element.WhichOneof("type") == "html":
                self.last_html = answer.delta.new_element.html.body
            elif kind == "script_finished":
                if answer.script_finished == ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                    continue
                seconds = time.perf_counter() - started
                self.kept = {key: runs + 1 for key, runs in self.kept.items() if runs < _MOST_RUNS_KEPT}
                return seconds


async def _open(url: str) -> Session:
    address = url.replace("http", "ws", 1) + "/_stcore/stream"
    return Session(await connect(address, subprotocols=["streamlit"], max_size=None))  # type: ignore[list-item]


async def _reruns(url: str, page: str, queries: Sequence[str], samples: int) -> list[float]:
    session = await _open(url)
    await session.rerun(queries[0], page)
    taken = []
    for sample in range(samples + 4):
        taken.append(await session.rerun(queries[sample % len(queries)]))
    await session.connection.close()
    return taken[4:]


def reruns(url: str, page: str, queries: Sequence[str], samples: int = 20) -> list[float]:
    """Seconds of single reruns of a page, one after the other, with alternating addresses."""
    return asyncio.run(_reruns(url, page, queries, samples))


async def _load(
    url: str, page: str, query: Callable[[int], str], sessions: int, seconds: int, memory: Callable[[], int]
) -> Load:
    load = Load()
    one = await _open(url)
    await one.rerun(query(0), page)
    for step in range(1, seconds + 1):  # what the answers take is not the sessions' memory
        await one.rerun(query(step))
    load.memory_before = memory()
    opened = [await _open(url) for _number in range(sessions)]
    for session in opened:
        await session.rerun(query(0), page)

    async def read(number: int, session: Session) -> None:
        await asyncio.sleep(number / sessions)  # readers do not click in step
        for step in range(1, seconds + 1):
            due = time.perf_counter() + 1
            try:
                load.seconds.append(await session.rerun(query(step)))
            except Exception:
                load.errors += 1
                return
            await asyncio.sleep(max(0, due - time.perf_counter()))

    await asyncio.gather(*(read(number, session) for number, session in enumerate(opened)))
    load.memory_after = memory()
    for session in (one, *opened):
        await session.connection.close()
    return load


def load(
    url: str,
    page: str,
    query: Callable[[int], str],
    memory: Callable[[], int],
    sessions: int = 50,
    seconds: int = 15,
) -> Load:
    """Many readers, one interaction a second each; ``query`` gives the address of a step."""
    return asyncio.run(_load(url, page, query, sessions, seconds, memory))


@dataclass
class Published:
    """What readers met while editions were published: runs, errors, and runs that began after and showed before."""

    runs: int = 0
    errors: int = 0
    stale: int = 0


async def _while_publishing(url: str, query: str, publish: Callable[[], str], readers: int, editions: int) -> Published:
    met = Published()
    live = ""
    is_over = False

    async def read(session: Session) -> None:
        await session.rerun(query, "")
        while not is_over:
            expected = live
            try:
                await session.rerun(query)
            except Exception:
                met.errors += 1
                return
            met.runs += 1
            # a newer edition than the one live when the run began is as good
            shown = re.search(r"\d{8}T\d{6}Z[\w.-]*", session.last_html)
            met.stale += bool(expected) and (shown is None or shown[0] < expected)
            await asyncio.sleep(0.05)

    opened = [await _open(url) for _number in range(readers)]
    reading = asyncio.gather(*(read(session) for session in opened))
    for _number in range(editions):
        live = await asyncio.to_thread(publish)
        await asyncio.sleep(1)
    is_over = True
    await reading
    for session in opened:
        await session.connection.close()
    return met


def while_publishing(
    url: str, query: str, publish: Callable[[], str], readers: int = 5, editions: int = 5
) -> Published:
    """Readers who never pause while editions are published one after the other; ``publish`` gives the new one's id."""
    return asyncio.run(_while_publishing(url, query, publish, readers, editions))

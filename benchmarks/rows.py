"""The same page on more and more source rows: the time of its queries, and of a rerun of the page that serves it.

``python -m benchmarks.rows`` asks the edition in $PANORAMA_EDITIONS every question of the pages and prints the
milliseconds as JSON. An edition may lie in a folder that is kept (``--keep``): one of 10⁸ rows takes long to build.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import sessions
from benchmarks.served import PANORAMA, PROJECT, served

SIZES = (10**4, 10**5, 10**6)
SEED = 7
BUDGET = 1.10
SAMPLES = 5
_ROWS_OF_FOUR_EVENTS = 11  # four events and the seven rows of who took part in them, as the synthetic registry has them


@dataclass(frozen=True)
class OnRows:
    """Medians in milliseconds on an edition of so many source rows; ``slowest`` is the beginning of a statement."""

    rows: int
    queries: float
    slowest_query: float
    slowest: str
    reruns: dict[str, float]


def measure(folder: Path, sizes: Sequence[int], paths: Sequence[str], chosen: str, samples: int) -> Iterator[OnRows]:
    """Build (where it is not there yet) and measure an edition of each size, the smallest first.

    ``chosen`` are the parameters of an address; its period is replaced by ones that nobody has asked for before.
    """
    for size in sizes:
        editions = edition_of(folder, size)
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.rows"],
            cwd=PROJECT,
            env={**os.environ, "PANORAMA_EDITIONS": str(editions)},
            check=True,
            capture_output=True,
            text=True,
        )
        asked = json.loads(done.stdout.splitlines()[-1])
        unasked = [
            chosen.replace("all", f"{2004 + year % 11}-{2015 + year // 11}") for year in range(max(20, samples) + 5)
        ]
        with served(PANORAMA, editions, "/healthz") as server:
            reruns = {
                path: 1000 * statistics.median(sessions.reruns(server.url, path, unasked, max(20, samples)))
                for path in paths
            }
        yield OnRows(size, asked["queries"], asked["slowest_query"], asked["slowest"], reruns)


def edition_of(folder: Path, rows: int) -> Path:
    """The folder of an edition of about so many synthetic source rows, built unless it is there."""
    from pipelines.demo import write_demo

    data = folder / f"rows-{rows}"
    if not data.exists():
        write_demo(data, events=rows * 4 // _ROWS_OF_FOUR_EVENTS, rounds=4, questions=10, seed=SEED, has_edition=True)
    return data / "editions"


def main() -> None:
    """Ask every question of the pages several times; print the sum of the medians and the slowest."""
    from dashboard import db
    from dashboard.pages import warm_views

    warm_views("en")
    taken: list[tuple[float, str]] = []
    for (_folder, edition), sql, parameters in list(db._answers):
        given = {name: list(value) if isinstance(value, tuple) else value for name, value in parameters}
        times = []
        for _sample in range(SAMPLES):
            started = time.perf_counter()
            db._cursor(edition).sql(sql, params=given or None).pl()
            times.append(1000 * (time.perf_counter() - started))
        taken.append((statistics.median(times), " ".join(sql.split())))
    slowest, sql = max(taken)
    print(json.dumps({"queries": sum(value for value, _sql in taken), "slowest_query": slowest, "slowest": sql[:200]}))


if __name__ == "__main__":
    main()

"""The build of very many events against DuckDB's own way from the same CSV to a sorted table, each in a fresh process.

``python -m benchmarks.big --rows 1000000 --participation`` measures without the rest and prints what was found; the
participation file is empty unless asked for, as the yardstick does not read it either.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.served import PROJECT

ROWS, SAMPLES, SEED = 10**7, 3, 7
BUDGET, MOST_MEMORY = 1.3, 1.5 * 2**30  # bytes
DUCKDB_ALONE = """
import sys, duckdb
with duckdb.connect(sys.argv[2]) as connection:
    events = connection.read_csv(sys.argv[1])
    events.order("event_id").create("events")
"""


@dataclass(frozen=True)
class Big:
    """Medians of seconds on the clock and of the processors, and peaks of memory in bytes."""

    rows: int
    csv_size: int
    build_seconds: float
    duckdb_seconds: float
    build_cpu_seconds: float
    duckdb_cpu_seconds: float
    build_memory: int
    duckdb_memory: int


def measure(rows: int, samples: int, *, has_participation: bool = False) -> Big:
    """Make up so many events, then let DuckDB alone and the build read them in turn."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        events = prepare(folder / "data", rows, has_participation=has_participation)
        alone, built = [], []
        for _sample in range(samples):
            alone.append(timed([sys.executable, "-c", DUCKDB_ALONE, str(events), str(folder / "alone.duckdb")]))
            (folder / "alone.duckdb").unlink()
            command = [sys.executable, "-m", "pipelines.cli", "build", "--force", "--data", str(folder / "data")]
            built.append(timed(command))
            for edition in (folder / "data" / "editions").iterdir():  # so that no build has one to compare with
                edition.unlink()
        medians = [statistics.median(each) for each in zip(*built, strict=True)]
        medians_alone = [statistics.median(each) for each in zip(*alone, strict=True)]
        return Big(
            rows=rows,
            csv_size=events.stat().st_size,
            build_seconds=medians[0],
            duckdb_seconds=medians_alone[0],
            build_cpu_seconds=medians[1],
            duckdb_cpu_seconds=medians_alone[1],
            build_memory=int(medians[2]),
            duckdb_memory=int(medians_alone[2]),
        )


def prepare(data: Path, rows: int, *, has_participation: bool) -> Path:
    """A synthetic data folder with so many events; the path of their file."""
    from pipelines.demo import write_demo
    from pipelines.registry import training_participation

    write_demo(data, events=rows, rounds=4, questions=10, seed=SEED)
    if not has_participation:
        header = ",".join(training_participation.TABLE.columns)
        (data / training_participation.TABLE.file).write_text(f"{header}\n", encoding="utf-8")
    return data / "registry" / "training_events.csv"


def timed(command: Sequence[str]) -> tuple[float, float, float]:
    """Seconds on the clock, seconds of the processors, and the peak memory in bytes of a process."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PANORAMA_")}
    started = time.perf_counter()
    process = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.DEVNULL)
    _pid, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command))
    return seconds, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024.0


def main() -> None:
    """Measure and print as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.big", description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--samples", type=int, default=SAMPLES)
    parser.add_argument("--participation", action="store_true", help="with who took part in the events")
    asked = parser.parse_args()
    found = measure(asked.rows, asked.samples, has_participation=asked.participation)
    print(json.dumps(asdict(found), indent=1))


if __name__ == "__main__":
    main()

"""The intake against its own reader: check and load of a workbook of 200,000 events, and merely reading it.

``python -m benchmarks.intake read WORKBOOK`` and ``… load WORKBOOK DATA`` do one of the two in a process of their own and
print the seconds and the peak memory as JSON.
"""

import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.served import PROJECT

EVENTS, ON_FILE, SEED = 200_000, 500, 7
BUDGET, MOST_MEMORY = 2.0, 2**30  # bytes: DESIGN.md allows the intake less than 1 GiB


@dataclass(frozen=True)
class Intake:
    """Median seconds of reading and of checking and loading, their peaks of memory in bytes, and what was loaded."""

    read_seconds: float
    load_seconds: float
    read_memory: int
    load_memory: int
    rows: int


def measure(samples: int) -> Intake:
    """Read and load the same workbook in turn, each load into a fresh copy of a small synthetic registry."""
    with tempfile.TemporaryDirectory() as folder:
        data, workbook = prepare(Path(folder))
        reads, loads = [], []
        for sample in range(max(3, samples)):
            reads.append(_once("read", workbook))
            fresh = Path(folder) / f"data-{sample}"
            shutil.copytree(data, fresh)
            loads.append(_once("load", workbook, fresh))
            shutil.rmtree(fresh)
    return Intake(
        read_seconds=statistics.median(float(one["seconds"]) for one in reads),
        load_seconds=statistics.median(float(one["seconds"]) for one in loads),
        read_memory=max(int(one["memory"]) for one in reads),
        load_memory=max(int(one["memory"]) for one in loads),
        rows=int(loads[0]["rows"]),
    )


def prepare(folder: Path) -> tuple[Path, Path]:
    """A registry with the first few events, with its edition, and a workbook of all of them, such as staff hand in."""
    from pipelines import catalog
    from pipelines.demo import write_demo
    from pipelines.intake.template import write_template
    from pipelines.registry import training_participation

    small, large, workbook = folder / "data", folder / "large", folder / "events.xlsx"
    write_demo(small, events=ON_FILE, rounds=2, questions=5, seed=SEED, has_edition=True)
    write_demo(large, events=EVENTS, rounds=2, questions=5, seed=SEED)
    for table in (training_participation.TABLE, catalog.SOURCES):  # all but the events are on file already
        shutil.copyfile(small / table.file, large / table.file)
    write_template(workbook, large, "es", is_filled=True)
    shutil.rmtree(large)
    return small, workbook


def _once(what: str, *paths: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.intake", what, *map(str, paths)]
    done = subprocess.run(command, cwd=PROJECT, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def _read(workbook: Path) -> int:
    from pipelines.intake.opening import read_sheets

    return sum(sheet.cells.height for sheet in read_sheets([workbook]))


def _load(workbook: Path, data: Path) -> int:
    from pipelines.intake.loading import load

    result = load([workbook], data, data / "editions")
    if not result.edition_id or result.checked.rows_rejected:
        raise SystemExit("the workbook was not loaded whole")
    return result.checked.rows_loaded


def main() -> None:
    """Do one thing once, and say how long it took and how much memory at its highest."""
    what, *paths = sys.argv[1:]
    started = time.perf_counter()
    rows = _read(Path(paths[0])) if what == "read" else _load(Path(paths[0]), Path(paths[1]))
    seconds = time.perf_counter() - started
    # the reader works in a process of its own, beside which this one waits: the higher of the two counts
    peaks = [resource.getrusage(who).ru_maxrss * 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print(json.dumps({"seconds": seconds, "memory": max(peaks), "rows": rows}))


if __name__ == "__main__":
    main()

"""Prints the table of speed budgets: ``python -m benchmarks.run`` (``--samples 5``, ``--only load``)."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks import big, exports, in_browser, intake, sessions
from benchmarks import rows as source_rows
from benchmarks.served import BARE, FLOOR, PANORAMA, PROJECT, Served, served

RESULTS = Path(__file__).with_name("results")
PATHS = ("", "training", "questionnaires", "programmes", "country", "subregion", "explore", "compare", "sources")
CHOSEN = "lang=en&scheme=oas&period=all&area=KNA&group=OAS-CAR&areas=KNA,LCA,VCT"
LIBRARIES = "import polars, duckdb, dataframely, typer, rich, yaml, pycountry, babel"
PARTS = (
    "cold",
    "moves",
    "filter",
    "rerun",
    "load",
    "queries",
    "build",
    "wire",
    "publish",
    "rows",
    "intake",
    "big",
    "reports",
    "pictures",
    "files",
)
NOT_YET = (("presenter: key press → next slide drawn", "≤ 1.0 × floor's update"),)


@dataclass
class Row:
    """One budget: what was measured, the yardstick beside it, the limit, and whether it was met."""

    what: str
    measured: str
    yardstick: str
    ratio: float | None
    budget: str
    is_met: bool | None


def against(what: str, value: float, floor: float, limit: float, of: str, unit: str = "ms") -> Row:
    """A row whose budget is a multiple of a yardstick."""
    ratio = value / floor
    return Row(what, f"{value:,.0f} {unit}", f"{floor:,.0f} {unit}", ratio, f"≤ {limit:g} × {of}", ratio <= limit)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which the given share of the values lies."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


@dataclass
class Bench:
    """The servers to compare, and how often to measure."""

    panorama: Served
    floor: Served
    text_floor: Served
    editions: Path
    samples: int
    sizes: Sequence[int] = source_rows.SIZES
    events: int = big.ROWS  # of the part big
    kept: Path | None = None  # where editions of many rows are kept from one run to the next

    def page(self, path: str) -> str:
        """The address of a page of the dashboard with the choices that the measurements share."""
        return f"{self.panorama.url}/{path}?{CHOSEN}"


def cold_views(bench: Bench) -> dict[str, dict[str, float]]:
    """Median milliseconds to each thing seen, by page; the floors as ``floor`` and ``text floor``."""
    addresses = {"text floor": bench.text_floor.url, "floor": bench.floor.url}
    addresses |= {path: bench.page(path) for path in PATHS}
    seen: dict[str, list[dict[str, float]]] = {name: [] for name in addresses}
    with in_browser.chromium() as browser:
        in_browser.cold_view(browser, bench.text_floor.url)
        for _sample in range(bench.samples):  # all in turn, so that a busy moment does not fall on one of them
            for name, address in addresses.items():
                seen[name].append(in_browser.cold_view(browser, address))
    return {
        name: {
            thing: statistics.median(times[thing] for times in views if thing in times) for thing in set().union(*views)
        }
        for name, views in seen.items()
    }


def cold_rows(views: dict[str, dict[str, float]]) -> list[Row]:
    """Cold browser: key figures of every page, last chart of the heaviest, first figure of the country page."""
    text_floor, floor = views["text floor"]["answer"], views["floor"]["last"]
    rows = [
        against(
            f"cold: /{path} → key figures" + (" and tile map" if path == "" else ""),
            views[path]["map" if path == "" else "answer"],
            text_floor,
            1.4,
            "text floor",
        )
        for path in PATHS
    ]
    heaviest = heaviest_page(views)
    rows.append(
        against(f"cold: heaviest page (/{heaviest}) → last chart", views[heaviest]["last"], floor, 1.5, "floor")
    )
    rows.append(
        against(
            "cold: /country → first figure",
            views["country"].get("figure", views["country"]["last"]),
            floor,
            1.2,
            "floor",
        )
    )
    return rows


def heaviest_page(views: dict[str, dict[str, float]]) -> str:
    """The page whose last chart comes last."""
    return max(PATHS, key=lambda path: views[path]["last"])


def move_rows(bench: Bench, floor_cold: float) -> list[Row]:
    """Page to page inside the app; the slowest page and the median over all."""
    with in_browser.chromium() as browser:
        taken = in_browser.page_changes(browser, bench.page(""), list(PATHS[1:]), bench.samples)
    medians = {path: statistics.median(values) for path, values in taken.items()}
    slowest = max(medians, key=lambda path: medians[path])
    middle = statistics.median(medians.values())
    return [
        against("page to page → first figure, median page", middle, floor_cold, 0.35, "floor's cold view"),
        against(
            f"page to page → first figure, slowest (/{slowest})",
            medians[slowest],
            floor_cold,
            0.35,
            "floor's cold view",
        ),
    ]


def filter_rows(bench: Bench) -> list[Row]:
    """A change of the period until the first chart is redrawn."""
    count = max(20, bench.samples)
    with in_browser.chromium() as browser:
        floor = in_browser.changes(browser, bench.floor.url, samples=count)
        ours = in_browser.changes(
            browser, bench.page("training"), popover=".st-key-period_popover button", samples=count
        )
    return [
        against(
            "filter change (/training, period) → redrawn, median",
            statistics.median(ours),
            statistics.median(floor),
            1.5,
            "floor's update",
        ),
        against("filter change → redrawn, p95", percentile(ours, 0.95), percentile(floor, 0.95), 2, "floor's p95"),
    ]


def rerun_rows(bench: Bench) -> list[Row]:
    """Server time of a rerun of each page, warm; the heaviest against the floor."""
    count = max(20, bench.samples)
    floor = 1000 * statistics.median(sessions.reruns(bench.floor.url, "", ["a=1", "a=2"], count))
    ours = {
        path: 1000 * statistics.median(
            sessions.reruns(bench.panorama.url, path, [CHOSEN, CHOSEN.replace("all", "2005-2015")], count)
        )
        for path in PATHS
    }  # fmt: skip
    heaviest = max(ours, key=lambda path: ours[path])
    unasked = [CHOSEN.replace("all", f"{2001 + year % 12}-{2014 + year // 12}") for year in range(count + 5)]
    cold = 1000 * statistics.median(sessions.reruns(bench.panorama.url, heaviest, unasked, count))
    return [
        against(
            f"server time of a rerun, heaviest page (/{heaviest}), warm", ours[heaviest], floor, 4, "floor's rerun"
        ),
        Row(
            "the same for a period that nobody has asked for yet",
            f"{cold:,.0f} ms",
            f"{floor:,.0f} ms",
            cold / floor,
            "none set",
            None,
        ),
    ]


def load_rows(bench: Bench, page: str, readers: int = 50) -> list[Row]:
    """Fifty readers, one interaction a second each."""

    def query(step: int) -> str:
        return CHOSEN.replace("all", f"{2001 + step % 6}-2020")

    floor = sessions.load(bench.floor.url, "", query, lambda: bench.floor.memory, readers)
    ours = sessions.load(bench.panorama.url, page, query, lambda: bench.panorama.memory, readers)
    row = against(
        f"{readers} sessions, one interaction a second (/{page}, 6 periods in turn), p95",
        1000 * percentile(ours.seconds, 0.95),
        1000 * percentile(floor.seconds, 0.95),
        4,
        "floor's p95",
    )
    rows = [row, Row("errors under that load", str(ours.errors), str(floor.errors), None, "0", ours.errors == 0)]
    if ours.memory_after:
        own = (ours.memory_after - ours.memory_before) / readers / 2**20
        bare = (floor.memory_after - floor.memory_before) / readers / 2**20
        rows.append(
            Row(
                "memory a session", f"{own:.2f} MiB", f"{bare:.2f} MiB", None, "< 0.3 MiB above floor", own - bare < 0.3
            )
        )
    return rows


def query_rows(bench: Bench) -> list[Row]:
    """Every statement that the views ask, each anew five times."""
    os.environ["PANORAMA_EDITIONS"] = str(bench.editions)
    from dashboard import db
    from dashboard.pages import warm_views

    warm_views("en")
    taken: list[tuple[float, str]] = []
    for (_folder, edition), sql, parameters in list(db._answers):
        times = []
        for _sample in range(5):
            started = time.perf_counter()
            db._cursor(edition).sql(sql, params=dict(_thawed(parameters)) or None).pl()
            times.append(1000 * (time.perf_counter() - started))
        taken.append((statistics.median(times), " ".join(sql.split())))
    taken.sort(reverse=True)
    slowest, sql = taken[0]
    middle = statistics.median(value for value, _sql in taken)
    return [
        Row(
            f"slowest of {len(taken)} page queries ({sql[:40]}…)",
            f"{slowest:.1f} ms",
            f"median {middle:.1f} ms",
            None,
            "≤ 5 ms",
            slowest <= 5,
        )
    ]


def _thawed(parameters: Iterable[tuple[str, object]]) -> Iterable[tuple[str, object]]:
    return ((name, list(value) if isinstance(value, tuple) else value) for name, value in parameters)


def build_rows(bench: Bench) -> list[Row]:
    """The build of the shipped data against the import of its libraries; the server's start against Streamlit's."""

    def timed(code: str) -> float:
        started = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=True, capture_output=True)
        return time.perf_counter() - started

    libraries, builds, ours, bare = [], [], [], []
    for _sample in range(bench.samples):
        libraries.append(timed(LIBRARIES))
        with tempfile.TemporaryDirectory() as folder:
            code = f"from pathlib import Path; from pipelines import build; build.build(Path('data'), Path({folder!r}))"
            builds.append(timed(code))
        with served(PANORAMA, bench.editions, "/healthz") as server:
            ours.append(server.seconds_to_ready)
        with served(BARE, bench.editions, script="floor.py") as server:
            bare.append(server.seconds_to_ready)
    middle = statistics.median
    return [
        against(
            "build of the shipped data", 1000 * middle(builds), 1000 * middle(libraries), 3, "import of its libraries"
        ),
        against("server start → ready", 1000 * middle(ours), 1000 * middle(bare), 2, "bare floor's cold start"),
    ]


def wire_rows(bench: Bench) -> list[Row]:
    """What travels over HTTP for the first page, the first and the second time."""
    with in_browser.chromium() as browser:
        size = in_browser.wire(browser, bench.page(""))
    plain = size["first_plain"]
    return [
        Row(
            f"{name} view on the wire (/)",
            f"{size[f'{name}_wire'] / 2**20:.2f} MiB",
            f"{plain / 2**20:.2f} MiB uncompressed",
            size[f"{name}_wire"] / plain,
            f"≤ {limit:.0%}",
            size[f"{name}_wire"] <= limit * plain,
        )
        for name, limit in (("first", 0.4), ("second", 0.05))
    ]


def publish_rows(bench: Bench) -> list[Row]:
    """Editions published one after the other under readers who never pause."""
    from pipelines import build

    def publish() -> str:
        return build.build(PROJECT / "data", bench.editions, is_forced=True).edition_id

    met = sessions.while_publishing(bench.panorama.url, CHOSEN, publish)
    return [
        Row(
            f"5 publishes under 5 readers ({met.runs} runs)",
            f"{met.errors} errors, {met.stale} stale",
            "",
            None,
            "0 errors, 0 stale answers",
            met.runs > 0 and met.errors == met.stale == 0,
        )
    ]


def on_rows(bench: Bench, say: Callable[[str], None]) -> list[Row]:
    """Queries and the rerun of every page on more and more source rows, against the fewest."""
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for one in source_rows.measure(bench.kept or Path(folder), bench.sizes, PATHS, CHOSEN, bench.samples):
            say(f"  {one.rows:,} rows: queries {one.queries:,.0f} ms")
            found.append(one)
    least, rows = found[0], []
    for one in found[1:]:
        on = f"on {one.rows:,} source rows, not {least.rows:,}"
        heaviest = max(PATHS, key=lambda path: one.reruns[path])
        rows += [
            against(f"all page queries {on}", one.queries, least.queries, source_rows.BUDGET, "the fewest rows"),
            Row(
                f"slowest page query on {one.rows:,} source rows ({one.slowest[:40]}…)",
                f"{one.slowest_query:.1f} ms",
                f"{least.slowest_query:.1f} ms",
                None,
                "≤ 5 ms",
                one.slowest_query <= 5,
            ),
            against(
                f"rerun, period nobody asked for (/{heaviest}) {on}",
                one.reruns[heaviest],
                least.reruns[heaviest],
                source_rows.BUDGET,
                "the fewest rows",
            ),
        ]
    return rows


def intake_rows(bench: Bench) -> list[Row]:
    """Check and load of a large workbook against merely reading it with the same reader."""
    found = intake.measure(bench.samples)
    peak = found.load_memory / 2**20
    return [
        against(
            f"check + load of a workbook ({found.rows:,} rows)",
            1000 * found.load_seconds,
            1000 * found.read_seconds,
            intake.BUDGET,
            "merely reading it",
        ),
        Row(
            "peak memory of check + load",
            f"{peak:,.0f} MiB",
            f"{found.read_memory / 2**20:,.0f} MiB reading",
            None,
            f"< {intake.MOST_MEMORY / 2**20:,.0f} MiB",
            found.load_memory < intake.MOST_MEMORY,
        ),
    ]


def big_rows(bench: Bench) -> list[Row]:
    """The build of very many events against DuckDB's own way from the same CSV to a sorted table."""
    found = big.measure(bench.events, min(bench.samples, big.SAMPLES))
    size = f"{found.rows:,} event rows ({found.csv_size / 2**20:,.0f} MiB)"
    return [
        against(
            f"build: {size}: CSV → sorted edition",
            1000 * found.build_seconds,
            1000 * found.duckdb_seconds,
            big.BUDGET,
            "DuckDB alone",
        ),
        Row(
            "seconds of the processors of that build",
            f"{found.build_cpu_seconds:,.1f} s",
            f"{found.duckdb_cpu_seconds:,.1f} s",
            found.build_cpu_seconds / found.duckdb_cpu_seconds,
            "none set",
            None,
        ),
        Row(
            "peak memory of that build",
            f"{found.build_memory / 2**20:,.0f} MiB",
            f"{found.duckdb_memory / 2**20:,.0f} MiB",
            None,
            f"< {big.MOST_MEMORY / 2**20:,.0f} MiB",
            found.build_memory < big.MOST_MEMORY,
        ),
    ]


def report_rows(bench: Bench) -> list[Row]:
    """The profiles of all states in all languages against as many bare documents, written by typst in one process."""
    found = exports.measure_reports(bench.editions, bench.samples)
    count = f"{found.profiles} profiles"

    def seconds(what: str, ours: float, bare: float) -> Row:
        return Row(what, f"{ours:,.1f} s", f"{bare:,.1f} s bare", ours / bare, "none set", None)

    return [
        seconds(f"{count}, two pages each, in four languages", found.seconds, found.bare_seconds),
        seconds("seconds of the processors of that", found.cpu_seconds, found.bare_cpu_seconds),
        Row(
            "a profile",
            f"{1000 * found.seconds / found.profiles:,.0f} ms",
            f"{1000 * found.bare_seconds / found.profiles:,.0f} ms bare",
            None,
            "none set",
            None,
        ),
        Row(
            f"peak memory of {count}",
            f"{found.memory / 2**20:,.0f} MiB",
            f"{found.bare_memory / 2**20:,.0f} MiB bare",
            None,
            "none set",
            None,
        ),
    ]


def export_rows(bench: Bench, what: str) -> list[Row]:
    """Pictures against the screenshot of an empty page, files against the same size of file by the library alone."""
    return [
        Row(one.what, f"{one.ours:,.0f} ms", f"{one.bare:,.1f} ms bare", one.ours / one.bare, "none set", None)
        for one in exports.measure(what, bench.editions, bench.samples)
    ]


def measured(bench: Bench, parts: Sequence[str], say: Callable[[str], None]) -> list[Row]:
    """The rows of the parts asked for, in the order of the table of budgets."""
    views = {}
    if {"cold", "moves", "load"} & set(parts):
        say("cold views …")
        views = cold_views(bench)
    work: dict[str, Callable[[], list[Row]]] = {
        "cold": lambda: cold_rows(views),
        "moves": lambda: move_rows(bench, views["floor"]["last"]),
        "filter": lambda: filter_rows(bench),
        "rerun": lambda: rerun_rows(bench),
        "load": lambda: load_rows(bench, heaviest_page(views)),
        "queries": lambda: query_rows(bench),
        "build": lambda: build_rows(bench),
        "wire": lambda: wire_rows(bench),
        "publish": lambda: publish_rows(bench),
        "rows": lambda: on_rows(bench, say),
        "intake": lambda: intake_rows(bench),
        "big": lambda: big_rows(bench),
        "reports": lambda: report_rows(bench),
        "pictures": lambda: export_rows(bench, "pictures"),
        "files": lambda: export_rows(bench, "files"),
    }
    rows: list[Row] = []
    for part in (part for part in PARTS if part in parts):
        say(f"{part} …")
        rows += work[part]()
    return rows


def shown(rows: list[Row]) -> Table:
    """The rows as a table for a terminal."""
    table = Table("what", "measured", "yardstick", "ratio", "budget", "met")
    for row in rows:
        verdict = {True: "[green]yes[/]", False: "[red]no[/]", None: ""}[row.is_met]
        table.add_row(
            row.what, row.measured, row.yardstick, "" if row.ratio is None else f"{row.ratio:.2f}", row.budget, verdict
        )
    for what, budget in NOT_YET:
        table.add_row(what, "not yet built", "", "", budget, "")
    return table


def main() -> int:
    """Measure and print; returns 1 where a budget was not met."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--samples", type=int, default=5, help="measurements for each median")
    parser.add_argument("--only", choices=PARTS, nargs="+", default=PARTS, help="measure only these parts")
    parser.add_argument(
        "--rows", type=int, nargs="+", default=source_rows.SIZES, help="sizes of the part rows, smallest first"
    )
    parser.add_argument("--keep", type=Path, help="a folder in which the editions of the part rows are kept")
    parser.add_argument("--events", type=int, default=big.ROWS, help="event rows of the part big")
    asked = parser.parse_args()
    console = Console(stderr=True)
    from pipelines import build

    with tempfile.TemporaryDirectory() as folder:
        editions = Path(folder) / "editions"
        build.build(PROJECT / "data", editions)
        with (
            served(PANORAMA, editions, "/healthz") as panorama,
            served(FLOOR, editions, script="floor.py") as floor,
            served(FLOOR, editions, script="text_floor.py") as text_floor,
        ):
            bench = Bench(panorama, floor, text_floor, editions, asked.samples, asked.rows, asked.events, asked.keep)
            rows = measured(bench, asked.only, console.print)
    Console(width=160).print(shown(rows))
    RESULTS.mkdir(exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    written = {
        "measured_at": stamp,
        "samples": asked.samples,
        "cores": os.cpu_count(),
        "rows": [asdict(row) for row in rows],
    }
    (RESULTS / f"{stamp}.json").write_text(json.dumps(written, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0 if all(row.is_met is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())

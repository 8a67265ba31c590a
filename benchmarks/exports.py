"""What is taken away: country profiles, pictures and files, each against its library alone with nothing of ours.

``python -m benchmarks.exports pictures 5`` (or ``files``) measures the edition in $PANORAMA_EDITIONS so often and prints
JSON; ``… bare FOLDER`` writes as many bare documents as there are country profiles.
"""

import asyncio
import base64
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.big import timed
from benchmarks.served import PROJECT

LANGUAGES = ("es", "en", "pt", "fr")
PROFILES = 35 * len(LANGUAGES)
RUNS = 3
"""The most runs of all profiles: each is the sum of very many."""
SAMPLES = 5
CHART, OUTLINES, LONGEST = "training.events_by_year", "overview.map", "questionnaires.questions"
FORMATS = ("png", "svg", "pdf")
# as many tables and rows as in a profile, on two pages of A4
TABLES, ROWS = 8, 6
BARE = """
#set document(title: [Bare])
#set page(paper: "a4")
= Document {number}
#for _table in range({tables}) {{
  table(columns: 3, table.header([Date], [Event], [Place]), ..range({rows} * 3).map(cell => [cell #cell of {number}]))
}}
#pagebreak(weak: true)
= Second page
"""


@dataclass(frozen=True)
class Reports:
    """Medians of seconds on the clock and of the processors for all profiles, and peaks of memory in bytes."""

    profiles: int
    seconds: float
    cpu_seconds: float
    memory: int
    bare_seconds: float
    bare_cpu_seconds: float
    bare_memory: int


@dataclass(frozen=True)
class Measured:
    """Median milliseconds of something of ours and of its yardstick."""

    what: str
    ours: float
    bare: float


def measure_reports(editions: Path, samples: int) -> Reports:
    """Every profile in every language as ``panorama report`` writes them, in turn with as many bare documents."""
    ours, bare = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report = ["report", "--all", "--lang", ",".join(LANGUAGES), "--data", str(editions.parent)]
        for sample in range(min(samples, RUNS)):
            written, documents = folder / f"profiles-{sample}", folder / f"bare-{sample}"
            documents.mkdir()
            ours.append(timed([sys.executable, "-m", "pipelines.cli", *report, "-o", str(written)]))
            bare.append(timed([sys.executable, "-m", "benchmarks.exports", "bare", str(documents)]))
            counts = [len(list(each.glob("*.pdf"))) for each in (written, documents)]
            if counts != [PROFILES, PROFILES]:
                raise RuntimeError(f"{counts[0]} profiles and {counts[1]} bare documents; expected: {PROFILES} of each")
    medians, medians_bare = ([statistics.median(each) for each in zip(*runs, strict=True)] for runs in (ours, bare))
    return Reports(
        profiles=PROFILES,
        seconds=medians[0],
        cpu_seconds=medians[1],
        memory=int(medians[2]),
        bare_seconds=medians_bare[0],
        bare_cpu_seconds=medians_bare[1],
        bare_memory=int(medians_bare[2]),
    )


def measure(what: str, editions: Path, samples: int) -> list[Measured]:
    """The ``pictures`` or the ``files`` of views, in a process of their own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.exports", what, str(max(SAMPLES, samples))],
        cwd=PROJECT,
        env={**os.environ, "PANORAMA_EDITIONS": str(editions)},
        check=True,
        capture_output=True,
        text=True,
    )
    return [Measured(**one) for one in json.loads(done.stdout.splitlines()[-1])]


def write_bare(folder: Path) -> None:
    """As many tagged documents of two pages as there are profiles, by typst and nothing of ours."""
    import typst

    for number in range(PROFILES):
        text = BARE.format(number=number, tables=TABLES, rows=ROWS).encode()
        made = typst.compile(text, ignore_system_fonts=True, pdf_standards=["ua-1"])
        (folder / f"{number}.pdf").write_bytes(bytes(made))


def _median(work: Callable[[], object], samples: int) -> float:
    """Median milliseconds of something that is done again and again; the first time it is only warmed up."""
    work()
    return statistics.median(_milliseconds(work) for _sample in range(samples))


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - started)


def pictures(samples: int) -> list[Measured]:
    """The first picture after the browser's start, and each further one: view and page made anew, answers of the edition kept."""
    import streamlit  # noqa: F401  (a server has it at hand: the typefaces are found beside it)

    from dashboard.exports import browser

    pages = {
        "chart": lambda: _page(CHART),
        "map": lambda: _page(OUTLINES),
    }
    for make in pages.values():
        make()
    firsts: dict[str, list[float]] = {name: [] for name in ("bare", *pages)}
    for _sample in range(samples):
        for name, taken in firsts.items():
            studio = browser.Studio()
            try:
                taken.append(_milliseconds(_picture_of(studio, pages.get(name), "png")))
            finally:
                studio.stop()
    bare_first = statistics.median(firsts.pop("bare"))
    found = [
        Measured(f"first picture after the browser's start ({name}, PNG)", statistics.median(taken), bare_first)
        for name, taken in firsts.items()
    ]
    studio = browser.Studio()
    try:
        bare = _median(_picture_of(studio, None, "png"), samples)
        for name, make in pages.items():
            for suffix in FORMATS:
                ours = _median(_picture_of(studio, make, suffix), samples)
                found.append(Measured(f"each further picture ({name}, {suffix.upper()})", ours, bare))
    finally:
        studio.stop()
    return found


def _picture_of(studio: Any, make: Callable[[], str] | None, suffix: str) -> Callable[[], bytes]:
    """Draws what is made, as an address of a picture does; without anything a bare empty page."""

    def draw() -> bytes:
        if make is None:
            return studio._run(_empty(studio)).result()
        studio.wake()
        return studio.drawn(make(), suffix, seconds=120)

    return draw


async def _empty(studio: Any) -> bytes:
    """A screenshot of an empty tab of the same browser and of a usual size: no typefaces, scripts or page of ours."""
    await asyncio.shield(studio._start())
    tab = studio._browser.get_tab()
    look = {"width": 1200, "height": 800, "deviceScaleFactor": 2, "mobile": False}
    await tab.send_command("Emulation.setDeviceMetricsOverride", params=look)
    clip = {"x": 0, "y": 0, "width": 1200, "height": 800, "scale": 1}
    shot = await tab.send_command("Page.captureScreenshot", params={"format": "png", "clip": clip})
    return base64.b64decode(shot["result"]["data"])


def _page(view_id: str) -> str:
    from dashboard.exports import sheet
    from dashboard.views.registry import VIEWS

    selection = _selection()
    return sheet.view_page(VIEWS[view_id](selection), selection, width=sheet.WIDTH)


def _selection() -> Any:
    import dashboard.pages  # noqa: F401  (registers every view)
    from dashboard.i18n import use_language
    from dashboard.selection import Selection

    use_language("en")
    return Selection(map="outlines")


def files(samples: int) -> list[Measured]:
    """A long table as CSV and XLSX, a chart as PPTX: view made anew and file, against the file of the same size alone."""
    from dashboard.exports.citation import Taking
    from dashboard.exports.formats import FORMATS as EVERY_FORMAT
    from dashboard.views.registry import VIEWS

    selection = _selection()
    taking = Taking(selection, "http://127.0.0.1", datetime.now(UTC).date())

    def written(view_id: str, suffix: str) -> Callable[[], bytes]:
        return lambda: EVERY_FORMAT[suffix].write(VIEWS[view_id](selection), taking)

    view, chart = VIEWS[LONGEST](selection), VIEWS[CHART](selection)
    plain = view.table.select(column.key for column in view.columns).cast(pl.String)
    size = f"table of {view.table.height:,} rows"
    return [
        Measured(f"CSV, {size}", _median(written(LONGEST, "csv"), samples), _median(plain.write_csv, samples)),
        Measured(
            f"XLSX, {size}",
            _median(written(LONGEST, "xlsx"), samples),
            _median(lambda: plain.write_excel(io.BytesIO()), samples),
        ),
        Measured(
            "PPTX, slide with its native chart",
            _median(written(CHART, "pptx"), samples),
            _median(lambda: _bare_slide(chart.table.height), samples),
        ),
    ]


def _bare_slide(categories: int) -> bytes:
    """A slide with a chart of as many categories, by python-pptx and nothing of ours."""
    from pptx import Presentation
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches

    data = CategoryChartData()
    data.categories = [str(place) for place in range(categories)]
    data.add_series("values", list(range(categories)))
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_STACKED, Inches(1), Inches(2), Inches(8), Inches(4), data)  # type: ignore[arg-type]
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def main(asked: Sequence[str]) -> None:
    """Do one thing and print what was found as JSON."""
    what, given = asked
    if what == "bare":
        write_bare(Path(given))
        return
    work = {"pictures": pictures, "files": files}[what]
    print(json.dumps([asdict(one) for one in work(int(given))]))


if __name__ == "__main__":
    main(sys.argv[1:])

"""The shape of the house: imports point along the arrow, documents tell the truth, nothing of a machine is left in."""

import ast
import importlib.metadata
import re
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
# A module may not ask these for anything; the key is a folder, or a package, seen from the project's root.
FORBIDDEN = {
    "pipelines": ("dashboard", "streamlit", "plotly"),
    "dashboard": ("pipelines",),
    "dashboard/charts": ("streamlit", "duckdb", "dashboard.db", "dashboard.queries", "dashboard.components"),
    "dashboard/queries": ("streamlit", "plotly", "dashboard.views", "dashboard.charts", "dashboard.components"),
    "dashboard/views": ("streamlit", "duckdb", "dashboard.components", "dashboard.frame", "dashboard.exports"),
    "dashboard/components": ("duckdb", "dashboard.queries", "dashboard.frame"),
    "dashboard/app_pages": ("polars", "duckdb", "plotly", "dashboard.db", "dashboard.queries"),
    "dashboard/exports": ("streamlit", "dashboard.frame", "dashboard.components"),
}  # fmt: skip
SQL = re.compile(r"^\s*(select|with|insert|update|delete)\s", re.IGNORECASE | re.MULTILINE)


def tracked_files() -> list[Path]:
    """The files of the repository: those git knows, and new ones that it would take."""
    command = ["git", "-C", str(PROJECT), "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\0")
    except (OSError, subprocess.CalledProcessError):
        # an unpacked archive has no list of tracked files; every clone, and so CI, has one
        pytest.skip("not a git checkout")
    return [PROJECT / name for name in listed if name and (PROJECT / name).is_file()]


def imported(file: Path) -> set[str]:
    """The full names of everything that a module imports, also within its functions."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def is_within(name: str, package: str) -> bool:
    """Whether a full name is the package or lies in it."""
    return name == package or name.startswith(package + ".")


@pytest.mark.parametrize("folder", FORBIDDEN)
def test_imports_point_along_the_arrow(folder: str) -> None:
    against = {
        f"{file.relative_to(PROJECT)}: {name}"
        for file in (PROJECT / folder).rglob("*.py")
        for name in imported(file)
        if any(is_within(name, package) for package in FORBIDDEN[folder])
    }
    # the command that serves is the one place of pipelines/ that may name the server
    allowed = {"pipelines/cli.py: dashboard", "pipelines/cli.py: dashboard.server"}
    # and the one that prints the profiles of states sets them as the dashboard does
    allowed |= {"pipelines/commands/report.py: dashboard.exports.profile"}
    assert sorted(against - allowed) == []


def test_only_one_module_opens_the_database_for_the_dashboard() -> None:
    openers = {file.name for file in (PROJECT / "dashboard").rglob("*.py") if "duckdb" in imported(file)}
    assert openers == {"db.py"}


def test_pages_and_views_hold_no_sql() -> None:
    folders = ("app_pages", "views", "charts", "components")
    files = [file for folder in folders for file in (PROJECT / "dashboard" / folder).rglob("*.py")]
    holding = set()
    for file in files:
        texts = (n.value for n in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(n, ast.Constant))
        holding |= {file.name for text in texts if isinstance(text, str) and SQL.search(text) and " from " in text}
    assert holding == set()


def test_imports_are_written_in_full() -> None:
    relative = {
        str(file.relative_to(PROJECT))
        for folder in ("dashboard", "pipelines", "tests", "benchmarks")
        for file in (PROJECT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    }
    assert relative == set()


def test_no_module_beside_the_entry_script_hides_another_package() -> None:
    beside = (PROJECT / "dashboard").iterdir()
    own = {path.stem for path in beside if path.suffix == ".py" or (path / "__init__.py").exists()} - {"__init__"}
    others = set(sys.stdlib_module_names) | set(importlib.metadata.packages_distributions())
    assert own & others == set()


def test_streamlit_does_not_find_pages_of_its_own() -> None:
    assert not (PROJECT / "dashboard" / "pages").exists()


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(file.relative_to(PROJECT))
        for folder in ("dashboard", "pipelines", "benchmarks")
        for file in (PROJECT / folder).rglob("*.py")
        if file.name != "__init__.py" and not ast.get_docstring(ast.parse(file.read_text(encoding="utf-8")))
    ]
    assert silent == []


def readme_code() -> list[str]:
    """Every text that the README sets as code, in lines and in blocks."""
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    lines = [line.split("#")[0].strip() for block in blocks for line in block.splitlines()]
    inline = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", README, flags=re.MULTILINE | re.DOTALL))
    return [text for text in (*lines, *inline) if text]


def test_the_make_targets_of_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {match[1] for text in readme_code() if (match := re.match(r"make ([a-z-]+)", text))}
    assert {"run", "test"} <= named <= targets


def test_the_commands_of_the_readme_exist() -> None:
    listed = subprocess.run(
        [sys.executable, "-m", "pipelines", "--help"] if (PROJECT / "pipelines" / "__main__.py").exists()
        else [sys.executable, "-c", "from pipelines.cli import app; app()", "--help"],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    named = {match[1] for text in readme_code() if (match := re.match(r"\S*panorama ([a-z]+)", text))}
    assert {"build", "serve"} <= named
    assert {name for name in named if not re.search(rf"\b{name}\b", listed)} == set()


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_the_files_that_documents_name_exist(document: str) -> None:
    text = (PROJECT / document).read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^)#:]+)\)", text)
    coded = re.findall(r"`((?:[a-z_.]+/)+[A-Za-z_.]*|[A-Za-z_]+\.(?:py|md|toml|lock|csv))`", text)
    built = (".venv/", "data/editions/", "data/intake/")
    missing = {name for name in (*linked, *coded) if not name.startswith(built) and not (PROJECT / name).exists()}
    assert missing == set()


def test_no_trace_of_a_machine_or_of_a_registry_in_the_repository() -> None:
    # written in parts, so that this file does not hold what it looks for
    hosts = ("pypi" + ".org", "pythonhosted" + ".org", "npmjs" + ".org", "npmjs" + ".com", "artifact" + "ory")
    folders = [f"/{name}/" for name in ("work", "root", "tmp", "Users", "home/[a-z]+")]
    pattern = re.compile("|".join((*map(re.escape, hosts), *(rf"(?<![\w.:/}})-]){folder}[\w.]" for folder in folders))))
    found = set()
    for file in tracked_files():
        if file.suffix in {".png", ".ico", ".woff2"}:
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
            if match := pattern.search(line):
                found.add(f"{file.relative_to(PROJECT)}:{number}: {match[0]}")
    assert found == set()


def test_packages_are_pinned_by_hash() -> None:
    lock = (PROJECT / "requirements.lock").read_text(encoding="utf-8")
    pinned = re.findall(
        r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==[^\n]*\\\n((?:\s+--hash=sha256:[0-9a-f]{64}.*\n?)*)", lock, re.MULTILINE
    )
    assert len(pinned) > 20
    assert [name for name, hashes in pinned if not hashes] == []

"""Keeps the catalogues of translations in step with the code: ``python -m dashboard.locale_tools [--check]``."""

import argparse
import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).parent
# Each of the two packages keeps its own catalogues: they share nothing but the edition.
PACKAGES = (HERE, HERE.parent / "pipelines")
# The catalogue of Portuguese is Brazil's; the name decides the plural rule.
CATALOGUE_LOCALES = {"es": "es", "pt": "pt_BR", "fr": "fr"}
KEYWORDS: dict[str, Any] = {"_": None, "mark": None, "n_": (1, 2)}
# These lines of a catalogue's head change with every run, name a person or say nothing.
_VOLATILE = (
    "Project-Id-Version",
    "Report-Msgid-Bugs-To",
    "POT-Creation-Date",
    "PO-Revision-Date",
    "Last-Translator",
    "Language-Team",
    "Generated-By",
)


class NotLiteralError(Exception):
    """A text to translate is put together in the code, where no catalogue can hold it."""


def python_messages(
    fileobj: io.BufferedIOBase, keywords: dict[str, Any], comment_tags: Any, options: dict[str, Any]
) -> Iterator[tuple[int, str, tuple[str | None, ...], list[str]]]:
    """Extract the texts of one Python file, as a method for Babel: position, function, texts, comments.

    Babel's own method reads tokens and, before Python 3.12, does not see into f-strings.
    """
    tree = ast.parse(fileobj.read())
    calls = (
        node
        for node in _in_reading_order(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in keywords and node.args
    )
    for position, call in enumerate(calls, start=1):
        name = call.func.id  # type: ignore[attr-defined]
        last = len(KEYWORDS[name] or (1,))
        texts = tuple(_literal(argument) for argument in call.args[:last])
        if all(texts):
            yield position, name, texts if last > 1 else texts[0], []  # type: ignore[misc]


def _in_reading_order(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        yield from _in_reading_order(child)


def _literal(argument: ast.expr) -> str | None:
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return argument.value
    if isinstance(argument, ast.JoinedStr | ast.BinOp):
        raise NotLiteralError(
            f"line {argument.lineno}: {ast.unparse(argument)} is put together in the code; "
            "write one text with {places}"
        )
    return None


def template(folder: Path) -> Catalog:
    """All texts that the code asks for, each with the files that ask."""
    catalogue = Catalog(charset="utf-8")
    found = extract_from_dir(
        str(folder),
        method_map=[("**.py", python_messages)],  # type: ignore[list-item]
        keywords=KEYWORDS,
        callback=None,
    )
    for file, position, text, _comments, _context in sorted(found, key=lambda row: (row[0], row[1])):
        catalogue.add(text, locations=[(f"{folder.name}/{Path(file).as_posix()}", position)])
    return catalogue


def read_catalogue(lang: str, folder: Path) -> Catalog:
    """The catalogue of a language; a fresh one where there is none yet."""
    file = folder / f"{lang}.po"
    if not file.exists():
        return Catalog(locale=CATALOGUE_LOCALES[lang], charset="utf-8", fuzzy=False)
    with file.open("rb") as lines:
        return read_po(lines, locale=CATALOGUE_LOCALES[lang], charset="utf-8")


def texts_of(message: Message) -> tuple[str, ...]:
    """The translations of a message: one, or one for each plural form."""
    return tuple(message.string) if isinstance(message.string, tuple | list) else (message.string or "",)


def is_missing(message: Message) -> bool:
    """Whether a message lacks a translation, or has one that was only guessed."""
    return message.fuzzy or not all(texts_of(message))


def missing(wanted: Catalog, catalogue: Catalog) -> list[str]:
    """The texts that the code asks for and the catalogue does not translate, in the order of the code."""
    kept = ((message, catalogue.get(message.id)) for message in wanted if message.id)
    return [_key(message) for message, found in kept if found is None or found.id != message.id or is_missing(found)]


def stale(wanted: Catalog, catalogue: Catalog) -> list[str]:
    """The texts that the catalogue holds and no code asks for."""
    asked = [message.id for message in wanted]
    present = (message for message in catalogue if message.id and message.id not in asked)
    return [_key(message) for message in (*present, *catalogue.obsolete.values())]


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def written(catalogue: Catalog) -> bytes:
    """The catalogue as a file that changes only where a text or its place in the code does."""
    out = io.BytesIO()
    catalogue.header_comment = f"# Panorama in {catalogue.locale.english_name}; see dashboard/locale_tools.py."  # type: ignore[union-attr]
    write_po(out, catalogue, width=120, include_lineno=False, sort_by_file=True, ignore_obsolete=True)
    lines = out.getvalue().decode("utf-8").splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(tuple(f'"{name}:' for name in _VOLATILE))).encode()


def updated(wanted: Catalog, lang: str, folder: Path) -> Catalog:
    """The catalogue of a language with exactly the texts asked for; translations are kept, never guessed."""
    catalogue = Catalog(locale=CATALOGUE_LOCALES[lang], charset="utf-8", fuzzy=False)
    before = read_catalogue(lang, folder)
    for message in wanted:
        if message.id:
            known = before.get(message.id)
            same = known is not None and known.id == message.id and not known.fuzzy
            catalogue.add(message.id, known.string if same and known else None, locations=message.locations)
    return catalogue


def main(arguments: list[str] | None = None) -> int:
    """Update the catalogues, or only check them; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m dashboard.locale_tools", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail where a text is missing or stale")
    parser.add_argument("--list", action="store_true", help="print every missing text")
    asked = parser.parse_args(arguments)
    is_behind = [_brought_up_to_date(package, asked.check, asked.list) for package in PACKAGES]
    return 1 if asked.check and any(is_behind) else 0


def _brought_up_to_date(package: Path, is_only_checked: bool, is_listed: bool) -> bool:
    """Update, or only check, the catalogues of a package; returns whether one was behind."""
    wanted, folder = template(package), package / "locale"
    is_behind = False
    for lang in CATALOGUE_LOCALES:
        lacking, left_over = missing(wanted, read_catalogue(lang, folder)), stale(wanted, read_catalogue(lang, folder))
        is_behind = is_behind or bool(lacking or left_over)
        if not is_only_checked:
            folder.mkdir(exist_ok=True)
            (folder / f"{lang}.po").write_bytes(written(updated(wanted, lang, folder)))
        dropped = "stale" if is_only_checked else "stale dropped"
        print(f"{package.name} {lang}: {len(wanted)} texts, {len(lacking)} missing, {len(left_over)} {dropped}")
        if is_listed:
            print(*(f"  {text}" for text in lacking), sep="\n")
    return is_behind


if __name__ == "__main__":
    sys.exit(main())

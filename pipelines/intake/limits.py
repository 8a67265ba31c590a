"""How much of a handed-in file is read before it is refused: bytes, cells, memory and time."""

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The bounds of one reading.

    ``files`` and ``cells`` count over everything handed in at once (a sheet counts as rows times columns up to its
    last cell); the others hold for each file. ``inflated_bytes`` and ``ratio`` bound what a packed workbook unfolds
    to; ``free_bytes`` is what a part may unfold to whatever its ratio. ``text_bytes`` is what
    the cells may hold in all, with eight bytes for each; ``memory_bytes`` and ``seconds`` are what the
    reading process may take; ``formulas`` is how many formulas of a sheet are listed.
    """

    files: int = 200
    file_bytes: int = 100 * MIB
    entries: int = 5_000
    inflated_bytes: int = 1024 * MIB
    ratio: int = 250
    free_bytes: int = 16 * MIB
    cells: int = 6_000_000
    text_bytes: int = 256 * MIB
    cell_characters: int = 32_767
    memory_bytes: int = 704 * MIB
    seconds: int = 120
    formulas: int = 1_000


LIMITS = Limits()

"""Words stripped of everything in which people's spelling differs."""

import unicodedata
from functools import lru_cache


@lru_cache(maxsize=100_000)
def plain(text: str) -> str:
    """The words without case, accents, punctuation and needless spaces."""
    decomposed = unicodedata.normalize("NFKD", text)
    kept = (letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join("".join(letter if letter.isalnum() else " " for letter in kept).casefold().split())

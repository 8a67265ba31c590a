"""Why the reading process does not read a file: a code and its values, said as a sentence by whoever started it."""


class Refused(Exception):
    """A file that is not read; ``code`` is one of ``refusals.SENTENCES``, ``values`` fill its places."""

    def __init__(self, code: str, **values: str | int) -> None:
        """Keep the code and the values."""
        super().__init__(code, values)
        self.code = code
        self.values = values

"""What whoever runs the site may decide for it, read from the environment at each use."""

import os


def hides_names_not_received() -> bool:
    """Whether only the number, not the names, of states whose questionnaire was not received is shown."""
    return os.environ.get("PANORAMA_HIDE_NOT_RECEIVED", "").strip().lower() in ("1", "true", "yes")

"""LibreOffice as a member of staff uses it: opens a workbook and saves it again, without a window."""

import shutil
import subprocess
from pathlib import Path

import pytest

SECONDS = 120


def saved_again(path: Path, kind: str, folder: Path) -> Path:
    """The workbook as LibreOffice saves it as ``xlsx`` or ``ods``, in an empty folder; skips where it is absent."""
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    saved = folder / f"saved_{kind}"
    profile = folder / f"profile_{kind}"
    command = [office, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
    subprocess.run(
        [*command, "--convert-to", kind, "--outdir", str(saved), str(path)],
        check=True,
        capture_output=True,
        timeout=SECONDS,
    )
    return saved / f"{path.stem}.{kind}"

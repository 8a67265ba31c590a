"""Finds the browser of the tests, or installs it where that is possible: ``python -m tests.browser.chromium``."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ADVICE = (
    "The browser tests need Chromium or Google Chrome: install one (Debian and Ubuntu: apt-get install chromium), "
    "or name its program in the environment variable CHROMIUM."
)


class NoBrowserError(Exception):
    """There is no Chromium and no Chrome on this machine; the message says what to do."""


def executable() -> str:
    """The program of Chromium or Chrome: the one that CHROMIUM names, else the first one found."""
    if named := os.environ.get("CHROMIUM"):
        if found := shutil.which(named):
            return found
        raise NoBrowserError(f"CHROMIUM names {named}, which is not a program here. {ADVICE}")
    for name in NAMES:
        if found := shutil.which(name):
            return found
    if MAC.exists():
        return str(MAC)
    raise NoBrowserError(ADVICE)


def install() -> None:
    """Install Debian's package, where this process may."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("Installing Chromium …", flush=True)
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
        subprocess.run(command, check=False, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})


def main() -> int:
    """Make sure that there is a browser; returns the exit status."""
    try:
        executable()
    except NoBrowserError:
        if not os.environ.get("CHROMIUM"):
            install()
    try:
        print(f"Browser: {executable()}")
    except NoBrowserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

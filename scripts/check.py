"""Every check of `make check`, run to the end and counted; one that had no network says so."""

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
OFFLINE = re.compile(r"ConnectionError|Max retries exceeded|Name or service not known|timed out", re.I)
INDEX_ADDRESS = re.compile(r"index-url|find-links|trusted-host|https?://")
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:work|root|farm|home/\w+|Users/\w+)/|(?<![\w.~/-])/tmp/\w")
BORROWED = re.compile(r"/vendor/|^requirements/")


@dataclass(frozen=True)
class Result:
    """What one check found: no complaint when all is well; `unchecked` says what could not be looked at."""

    complaint: str = ""
    unchecked: str = ""

    @property
    def verdict(self) -> str:
        if self.complaint:
            return "FAILED"
        return f"NOT CHECKED: {self.unchecked}" if self.unchecked else "ok"


def program(*words: str) -> Callable[[], Result]:
    """A check that is a program of the virtual environment; its output is the complaint."""

    def run() -> Result:
        command = [str(BIN / words[0]), *words[1:]]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        return Result(done.stdout + done.stderr or "It failed in silence.") if done.returncode else Result()

    return run


def audit() -> Result:
    """Known vulnerabilities of what is deployed. We count: pip-audit succeeds even if it skips all."""
    words = ("--require-hashes", "-r", "requirements/base.lock", "--disable-pip", "-f", "json")
    command = [str(BIN / "pip-audit"), *words]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        found = json.loads(done.stdout)["dependencies"]
    except ValueError:
        offline = OFFLINE.search(done.stderr)
        return Result(unchecked="no network") if offline else Result(done.stderr or "It failed in silence.")
    return audited(found)


def audited(found: list[dict[str, Any]]) -> Result:
    """The verdict on what pip-audit says of each package: vulnerable, skipped or clean."""
    vulnerable = [
        f"{package['name']} {package['version']}: {flaw['id']}, mended in {flaw['fix_versions']}"
        for package in found
        for flaw in package.get("vulns", [])
    ]
    skipped = sum("skip_reason" in package for package in found)
    unchecked = f"the index gave no advisories for {skipped} of {len(found)} packages" if skipped else ""
    return Result("\n".join(vulnerable), unchecked if found else "no package was listed")


def lines(pattern: re.Pattern[str], files: list[str]) -> Result:
    """A check that a pattern occurs in none of these files."""
    return Result("\n".join(_matches(pattern, files)))


def _matches(pattern: re.Pattern[str], files: list[str]) -> Iterator[str]:
    for name in files:
        try:
            text = (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):  # a picture, or removed but not yet committed
            continue
        for number, line in enumerate(text.splitlines(), 1):
            if pattern.search(line):
                yield f"{name}:{number}: {line.strip()[:120]}"


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return listed.stdout.splitlines()


def no_index_addresses() -> Result:
    """The locks, and whoever installs from them, leave the choice of index to the machine."""
    return lines(INDEX_ADDRESS, [name for name in tracked() if name.startswith("requirements/")])


def no_machine_paths() -> Result:
    """Nothing names a folder of the machine on which it was written."""
    return lines(MACHINE_PATH, [name for name in tracked() if not BORROWED.search(name)])


CHECKS: dict[str, Callable[[], Result]] = {
    "types (mypy)": program("mypy"),
    "style (ruff check)": program("ruff", "check"),
    "format (ruff format)": program("ruff", "format", "--check"),
    "walls between wings (import-linter)": program("lint-imports"),
    "house rules (tests/test_house.py)": program("pytest", "-q", "tests/test_house.py"),
    "migrations match the models": program("python", "manage.py", "makemigrations", "--check", "--dry-run"),
    "generated documents are fresh": program("alongside", "docs", "--check"),
    "start-up checks (alongside check)": program("alongside", "check"),
    "known vulnerabilities (pip-audit)": audit,
    "no index address in the locks": no_index_addresses,
    "no path of one machine": no_machine_paths,
}


def main() -> int:
    """Runs all, prints each verdict with its complaint, and returns how many failed."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        results = [pool.submit(check) for check in CHECKS.values()]
        found = []
        for name, future in zip(CHECKS, results, strict=True):
            result = future.result()
            found.append(result)
            print(f"{name:.<42} {result.verdict}", flush=True)
            if result.complaint:
                print(result.complaint.rstrip() + "\n", flush=True)
    failed = sum(bool(result.complaint) for result in found)
    unchecked = sum(bool(result.unchecked) for result in found)
    print(f"{len(found)} checks, {failed} failed, {unchecked} not (or not wholly) checked")
    return failed


if __name__ == "__main__":
    sys.exit(main())

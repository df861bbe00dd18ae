"""`make test` once the environment is there: every test and check; one clear line at the end.

Tests run on two processes; those marked `window` drive a real window with real keys, need the processor for themselves,
and so run alone afterwards. Words given are passed on to pytest, which then runs once.
"""

import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
from collections import Counter
from pathlib import Path

from steps import ROOT, install_packages, say, seconds_since, warm_kernels

from engine import setup_check

NOTHING_RAN = 5
"""pytest's exit code when no test was selected."""

PARTS = (
    ("tests", ["-n", "2", "--dist", "worksteal", "-m", "not window"]),
    ("tests with a real window", ["-p", "no:xdist", "-m", "window"]),
)


def main() -> int:
    """Returns 0 if every test passed."""
    started = time.monotonic()
    install_packages(setup_check.suite_needs())
    warm_kernels()
    if words := sys.argv[1:]:
        return run_pytest(words, ROOT / "out" / "tests.xml")
    counts: Counter[str] = Counter()
    failed = False
    for number, (title, words) in enumerate(PARTS):
        say(f"running the {title}")
        report = ROOT / "out" / f"tests-{number}.xml"
        code = run_pytest(["--quiet", "-r", "fEs", *words], report)
        failed |= code not in (0, NOTHING_RAN)
        counts += read_counts(report)
    failed |= counts["failed"] > 0 or counts["passed"] == 0
    say(f"{'FAILED' if failed else 'all is well'} after {seconds_since(started)}")
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped", flush=True)
    return int(failed)


def run_pytest(words: list[str], report: Path) -> int:
    """Run pytest with `words`, counts into `report`; returns its exit code."""
    report.parent.mkdir(exist_ok=True)
    report.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", f"--junit-xml={report}", "-o", "junit_family=xunit2", *words]
    return subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode


def read_counts(report: Path) -> Counter[str]:
    """Tests passed, failed (errors included) and skipped; none where pytest wrote no report."""
    if not report.is_file():
        return Counter(failed=1)
    counts: Counter[str] = Counter()
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        total, failed, errors, skipped = (int(suite.get(key, 0)) for key in ("tests", "failures", "errors", "skipped"))
        counts.update(passed=total - failed - errors - skipped, failed=failed + errors, skipped=skipped)
    return counts


if __name__ == "__main__":
    sys.exit(main())

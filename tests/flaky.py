"""`make flaky`: the tests that start processes, ten times, beside four that keep every processor busy."""

import subprocess
import sys

TIMES = 10
BUSY = [[sys.executable, "-c", "while True: pass"]] * 4
SUITE = [sys.executable, "-m", "pytest", "-m", "processes"]


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> int:
    """Run them all, also after one failed; status 1 where any did."""
    busy = [subprocess.Popen(command) for command in BUSY]
    try:
        failed = 0
        for number in range(1, TIMES + 1):
            say(f"{number} of {TIMES}")
            failed += subprocess.run(SUITE, check=False).returncode != 0
    finally:
        for process in busy:
            process.kill()
            process.wait()
    say(f"{failed} of {TIMES} failed")
    return min(failed, 1)


if __name__ == "__main__":
    sys.exit(main())

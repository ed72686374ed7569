"""A process that has loaded the publisher and forks a fresh one for each fault: starting Python anew takes a second.

It reads commands on standard input and answers each with one line:
    prepare WORK HOME -> process id of a child that waits;  go PID;  wait PID -> its exit status
It never publishes itself, so that no thread pool of Polars or Arrow exists before a fork.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from publishing.errors import StoreBusy, StoreFull
from publishing.release.content import ReleaseContent
from publishing.release.store import ReleaseStore
from tests.publishing.release.builders import KEY, MOMENT, content, publish, store_in, things

FULL, BUSY, OTHER = 3, 4, 5
_ALLOW_TRACING = (0x59616D61, ctypes.c_ulong(-1))  # prctl(PR_SET_PTRACER, anybody), for systems with Yama


def paying(fen: int) -> ReleaseContent:
    """Content of a release that pays so much."""
    return content(things({"paid": fen}), documents={})


def publish_second(store: ReleaseStore) -> None:
    publish(store, paying(2))


def stage_and_approve(store: ReleaseStore) -> None:
    publish(store, paying(2), stage=True)
    store.approve(2, approver="another", at=MOMENT, key=KEY)


def withdraw_newest(store: ReleaseStore) -> None:
    store.withdraw(store.numbers()[-1], reason="错", by="x", at=MOMENT, key=KEY)


WORKS: dict[str, Callable[[ReleaseStore], None]] = {
    work.__name__: work for work in (publish_second, stage_and_approve, withdraw_newest)
}


class Publisher:
    """The other end: asks such a process for children, with a fault injected by strace or without."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.publishing.release.publisher"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate()

    def _ask(self, *words: object) -> int:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(" ".join(map(str, words)) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def prepare(self, work: str, home: Path) -> int:
        return self._ask("prepare", work, home)

    def finish(self, child: int) -> int:
        return self._ask("wait", child)

    def go(self, child: int) -> None:
        self._ask("go", child)

    def run_with_fault(self, work: str, home: Path, fault: str) -> int:
        """Exit status of the work when strace injects such a fault, e.g. `rename:signal=KILL:when=3`."""
        child = self.prepare(work, home)
        calls = fault.split(":", 1)[0]
        command = ["strace", "-f", "-qq", "-e", f"trace={calls}", "-e", f"inject={fault}", "-o", "/dev/null"]
        with subprocess.Popen([*command, "-p", str(child)]) as tracer:
            while "TracerPid:\t0" in Path(f"/proc/{child}/status").read_text():
                assert tracer.poll() is None
                time.sleep(0.002)
            self.go(child)
            return self.finish(child)


def main() -> None:
    gates: dict[int, int] = {}
    for line in sys.stdin:
        command, *words = line.split()
        if command == "prepare":
            child, gate = _forked(WORKS[words[0]], Path(words[1]))
            gates[child] = gate
            answer = child
        elif command == "go":
            os.close(gates.pop(int(words[0])))
            answer = 0
        else:
            answer = os.waitstatus_to_exitcode(os.waitpid(int(words[0]), 0)[1])
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


def _forked(work: Callable[[ReleaseStore], None], home: Path) -> tuple[int, int]:
    """Fork a child that waits until its gate is closed."""
    waiting, gate = os.pipe()
    child = os.fork()
    if child:
        os.close(waiting)
        return child, gate
    os.close(gate)
    ctypes.CDLL(None).prctl(*_ALLOW_TRACING, 0, 0, 0)
    os.read(waiting, 1)
    os._exit(_status_of(work, home))


def _status_of(work: Callable[[ReleaseStore], None], home: Path) -> int:
    try:
        work(store_in(home))
    except StoreFull:
        return FULL
    except StoreBusy:
        return BUSY
    except BaseException as error:  # noqa: BLE001 - the child ends here
        sys.stderr.write(f"{error!r}\n")
        return OTHER
    return 0


if __name__ == "__main__":
    main()

"""A small supervisor: prefixed output, a restart with growing patience, and one clean Ctrl-C. Linux, standard library.

* Each child gets a session of its own, so that the terminal's Ctrl-C reaches only the supervisor, which then ends
  them in order (SIGTERM, after `grace` seconds SIGKILL; a second Ctrl-C kills at once).
* A child that ends is started again after 1, 2, 4 … 30 s; one that fails five times within its first seconds ends
  the whole: a wrong setting should be seen, not hidden in a loop.
* Children get SIGTERM from the kernel even when the supervisor is killed with -9.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Callable

COLORS = (36, 33, 35)
GREY = 90
QUICK = 5  # seconds: who ends sooner has not really started
PATIENCE = 5  # such failures in a row
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent() -> None:
    """Runs in the child between fork and exec."""
    if hasattr(libc, "prctl"):
        libc.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG


class Child:
    """One process of the site: the web server, the worker or the clock."""

    def __init__(self, name: str, command: list[str], color: int):
        self.name, self.command, self.color = name, command, color
        self.process: subprocess.Popen[bytes] | None = None
        self.rest = b""
        self.started = self.start_again = 0.0
        self.failures = 0

    def start(self, env: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            self.command,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=die_with_parent,
        )
        os.set_blocking(self.output.fileno(), False)
        self.started, self.start_again, self.rest = time.monotonic(), 0.0, b""

    @property
    def output(self):  # type: ignore[no-untyped-def]
        assert self.process
        return self.process.stdout

    def signal(self, sign: int) -> None:
        if not self.process:
            return
        with contextlib.suppress(ProcessLookupError):
            if sign == signal.SIGKILL:
                os.killpg(self.process.pid, sign)
            elif self.process.poll() is None:
                self.process.send_signal(sign)

    def lines(self) -> tuple[list[bytes], bool]:
        """What it has written since last asked, and whether it can still write more."""
        try:
            part = self.output.read(65536)
        except ValueError:
            return [], False
        if part is None:
            return [], True
        *lines, self.rest = (self.rest + part).split(b"\n")
        if not part and self.rest:
            lines, self.rest = [self.rest], b""
        return lines, bool(part)


class Supervisor:
    def __init__(self, commands: dict[str, list[str]], env: dict[str, str], grace: float, tick: Callable[[], None]):
        self.env = {**os.environ, "PYTHONUNBUFFERED": "1", **env}
        self.children = [Child(name, command, COLORS[i % 3]) for i, (name, command) in enumerate(commands.items())]
        self.width = max(map(len, commands))
        self.grace, self.tick = grace, tick
        self.selector = selectors.DefaultSelector()
        self.stops = self.stops_told = self.code = 0
        self.stopping_since = 0.0

    def say(self, name: str, text: str, color: int = GREY) -> None:
        prefix = f"{time.strftime('%H:%M:%S')} {name:<{self.width}} | "
        if sys.stdout.isatty():
            prefix = f"\x1b[{color}m{prefix}\x1b[0m"
        with contextlib.suppress(OSError):  # the terminal is gone; the children still have to be ended
            print(prefix + text, flush=True)

    def run(self) -> int:
        reader, writer = os.pipe()
        os.set_blocking(reader, False)
        os.set_blocking(writer, False)
        before = {sign: signal.signal(sign, self.on_signal) for sign in SIGNALS}
        before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda *_: None)
        woken = signal.set_wakeup_fd(writer)
        self.selector.register(reader, selectors.EVENT_READ, None)
        try:
            for child in self.children:
                self.start(child)
            while any(child.process for child in self.children) or not self.stops:
                self.step(reader)
        finally:
            for child in self.children:
                child.signal(signal.SIGKILL)
            signal.set_wakeup_fd(woken)
            for sign, handler in before.items():
                signal.signal(sign, handler)
            os.close(reader)
            os.close(writer)
        return self.code

    def on_signal(self, *_: object) -> None:
        self.stops += 1
        self.stopping_since = self.stopping_since or time.monotonic()

    def step(self, reader: int) -> None:
        for key, _ in self.selector.select(0.25):
            if key.data is None:
                with contextlib.suppress(BlockingIOError):
                    os.read(reader, 4096)
            elif not self.pass_on(key.data):
                self.selector.unregister(key.fileobj)
        if self.stops > self.stops_told:
            self.tell_children_to_stop()
        if self.stops and time.monotonic() - self.stopping_since > self.grace:
            for child in self.children:
                child.signal(signal.SIGKILL)
        for child in self.children:
            if child.process and child.process.poll() is not None:
                self.bury(child)
            elif not child.process and child.start_again and not self.stops and time.monotonic() >= child.start_again:
                self.start(child)
        if not self.stops:
            self.tick()

    def start(self, child: Child) -> None:
        child.start(self.env)
        self.selector.register(child.output, selectors.EVENT_READ, child)

    def pass_on(self, child: Child) -> bool:
        lines, more = child.lines()
        for line in lines:
            self.say(child.name, line.decode("utf-8", "replace").rstrip("\r"), child.color)
        return more

    def tell_children_to_stop(self) -> None:
        hard = self.stops > 1
        self.say("run", "killing" if hard else f"stopping (up to {self.grace:.0f} s; Ctrl-C again kills at once)")
        for child in reversed(self.children):
            child.signal(signal.SIGKILL if hard else signal.SIGTERM)
        self.stops_told = self.stops

    def bury(self, child: Child) -> None:
        assert child.process
        while self.pass_on(child) and self.stops < 2 and self.selector.select(0.05):
            pass
        with contextlib.suppress(KeyError):
            self.selector.unregister(child.output)
        child.output.close()
        child.signal(signal.SIGKILL)  # its own children, when it was killed and they do not know yet
        code, lived, child.process = child.process.returncode, time.monotonic() - child.started, None
        if self.stops:
            return
        self.say(child.name, f"ended with {code} after {lived:.0f} s", child.color)
        child.failures = child.failures + 1 if lived < QUICK else 0
        if child.failures >= PATIENCE:
            self.say(child.name, "fails at once each time: stopping everything", child.color)
            self.code = code or 1
            self.on_signal()
        else:
            child.start_again = time.monotonic() + min(30, 2**child.failures)


def supervise(
    commands: dict[str, list[str]],
    env: dict[str, str] | None = None,
    grace: float = 20,
    tick: Callable[[], None] = lambda: None,
) -> int:
    """Run the commands until stopped; `tick` is called a few times a second meanwhile."""
    return Supervisor(commands, env or {}, grace, tick).run()

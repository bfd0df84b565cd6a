"""A browser without a window, driven over pipes by the DevTools protocol: draws figures as files, tests pages.

Source : Chrome DevTools Protocol, https://chromedevtools.github.io/devtools-protocol/ (Target, Page, Runtime, Log,
Network, Emulation).
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_SECONDS: Final = 60.0
_PIPES: Final = """
import os, sys
for place, given in zip((3, 4), [os.dup(int(word)) for word in sys.argv[1:3]]):
    os.dup2(given, place)
    os.set_inheritable(place, True)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""The browser reads commands from file 3 and writes answers to file 4."""
_OPTIONS: Final = (
    "--headless", "--remote-debugging-pipe", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-component-update",
)  # fmt: skip


def installed() -> str | None:
    """The path of a browser that can be driven, None where there is none."""
    return None if os.name == "nt" else next(filter(None, map(shutil.which, _NAMES)), None)


class Browser:
    """A running browser with one page open at a time.

    events : what the page has reported since it was opened.
    """

    def __init__(self, read: int, write: int) -> None:
        self._read, self._write, self._waiting, self._number = read, write, b"", 0
        self._target: str | None = None
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []

    def open(self, path: Path, width: int, *, done: str) -> None:
        """Open a file as a page of a width and wait until an expression of it is true.

        Errors : TimeoutError after a minute.
        """
        if self._target is not None:
            self.ask("Target.closeTarget", targetId=self._target)
        self._target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.ask("Target.attachToTarget", targetId=self._target, flatten=True)["sessionId"]
        self.events.clear()
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(f"{domain}.enable")
        self.resize(width)
        self.ask("Page.navigate", url=path.resolve().as_uri())
        end = time.monotonic() + _SECONDS
        while not self.evaluate(f"(() => {{ try {{ return Boolean({done}) }} catch {{ return false }} }})()"):
            if time.monotonic() > end:
                raise TimeoutError(f"{path}: not drawn after {_SECONDS:.0f} s")
            self.evaluate("new Promise(go => setTimeout(go, 50))")

    def resize(self, width: int) -> None:
        """Make the page so wide."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page; a promise is waited for.

        Errors : RuntimeError with the page's own words.
        """
        found = self.ask("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in found:
            raise RuntimeError(str(found["exceptionDetails"].get("exception", found["exceptionDetails"])))
        return found["result"].get("value")

    def ask(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command and wait for its answer; what the page reports meanwhile is kept."""
        self._number += 1
        command: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None and not method.startswith(("Target.", "Browser.")):
            command["sessionId"] = self._session
        os.write(self._write, json.dumps(command).encode() + b"\0")
        while True:
            message = self._next()
            if message.get("id") != self._number:
                self.events.append(message)
            elif "error" in message:
                raise RuntimeError(f"{method}: {message['error']}")
            else:
                result: dict[str, Any] = message["result"]
                return result

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self._waiting:
            piece = os.read(self._read, 1 << 20)
            if not piece:
                raise RuntimeError("the browser has ended")
            self._waiting += piece
        text, _, self._waiting = self._waiting.partition(b"\0")
        message: dict[str, Any] = json.loads(text)
        return message


@contextmanager
def running(program: str) -> Iterator[Browser]:
    """A browser while the block runs; it ends with all its processes, and its profile is removed."""
    inside_read, write = os.pipe()
    read, inside_write = os.pipe()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = [*_OPTIONS, f"--user-data-dir={profile}", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        command = [
            sys.executable,
            "-c",
            _PIPES,
            str(inside_read),
            str(inside_write),
            program,
            *options,
            "about:blank",
        ]
        process = subprocess.Popen(
            command, pass_fds=(inside_read, inside_write), start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(inside_read)
        os.close(inside_write)
        try:
            yield Browser(read, write)
        finally:
            os.close(write)
            os.close(read)
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

"""`python -m sim`: read the command line, run, and turn what can go wrong into one message and a status.

Exit status: 0 done; 2 a configuration or input error; 130 interrupted; 1 anything else. Nothing heavy is imported
before it is known what is asked, so that --help answers at once.
"""

import argparse
import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NoReturn

from sim.core.errors import InputError


class RunFailedError(Exception):
    """The run came to nothing, by no fault of the input: status 1, the message is everything the user needs."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit status.

    arguments : the words after the program's name; None takes those of the process.
    """
    try:
        with _terminated_like_interrupted():
            return _dispatch(
                _parser().parse_intermixed_args(sys.argv[1:] if arguments is None else list(arguments))
            )
    except InputError as error:
        complain("\n".join(error.problems))
        return 2
    except PermissionError as error:
        complain(_not_permitted(error))
        return 2
    except RunFailedError as error:
        complain(str(error))
        return 1
    except KeyboardInterrupt as interruption:
        complain(str(interruption) or "interrupted; nothing half-written is left")
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def _not_permitted(error: PermissionError) -> str:
    path = Path(str(error.filename))
    place = path.parent if path.suffix == ".partial" else path
    return f"{place}: cannot be read or written ({error.strerror}); change its permissions, or name another place"


def complain(text: str) -> None:
    """Say something on stderr."""
    print(text, file=sys.stderr, flush=True)


@contextlib.contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """A polite request to end (SIGTERM, of a batch system for example) is taken like Ctrl-C."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, lambda *_: signal.default_int_handler(signal.SIGINT, None))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _dispatch(given: argparse.Namespace) -> int:
    """Do what is asked; the words of the command line reach everything else as they are meant."""
    if given.help:
        from sim.cli.help import help_text

        print(help_text())
        return 0
    if given.version:
        import sim

        print(f"lupus-cell-trial-simulator {sim.__version__}")
        return 0
    from sim.cli.overrides import as_meant

    overrides = as_meant(given.overrides, sweep=given.multirun)
    if given.cfg:
        from sim.cli.run import show_configuration

        return show_configuration(overrides, given.config_dir)
    if given.multirun:
        from sim.cli.sweep import run_sweep

        return run_sweep(overrides, given.config_dir)
    if "task=rerun" in overrides:
        from sim.cli.tasks.rerun import rerun

        return rerun(overrides, given.config_dir)
    if "task=report" in overrides:
        from sim.cli.tasks.report import remake

        return remake(overrides, given.config_dir)
    from sim.cli.run import run_once

    return run_once(overrides, given.config_dir)


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one line; everything else is in --help."""

    def error(self, message: str) -> NoReturn:
        """A wrong command line is an input error like any other."""
        hint = "settings are written KEY=VALUE, without dashes; " if "unrecognized" in message else ""
        raise InputError(f"command line: {message}; {hint}`python -m sim --help` shows what there is")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m sim", add_help=False, allow_abbrev=False)
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("--version", action="store_true")
    parser.add_argument("-m", "--multirun", action="store_true")
    parser.add_argument("-c", "--cfg", choices=["job"])
    parser.add_argument("--config-dir")
    parser.add_argument("overrides", nargs="*")
    return parser

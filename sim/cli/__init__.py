"""The command line: the only room that prints."""

from sim.cli.command import main

__all__ = ["main"]

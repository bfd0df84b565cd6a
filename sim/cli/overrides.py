"""The words of the command line before they are composed: names as typed, and keys that nothing would read."""

from collections.abc import Sequence
from typing import Any, Final

from sim.core.errors import InputError

_FOLDERS: Final = ("data", "run.store", "hydra.run.dir", "hydra.sweep.dir")
_NAMES: Final = (*_FOLDERS, "design.name", "effect.name")
"""Keys whose value is a name, whatever signs stand in it."""
_OR_NONE: Final = ("data", "run.store")
"""Of these the ones that may be null."""
_OF_A_SOURCE: Final = ("task=report", "task=rerun")
"""What begins with the folder of an earlier run, and is done for one at a time."""
_SOURCE: Final = ("source", "rerun.trial")
_READ: Final = ("hydra.run.dir", "hydra.sweep.dir", "hydra.searchpath")
"""The keys of Hydra that mean something here; `hydra.sweeper.params` stands in files."""
_ONE, _SEVERAL = "hydra.run.dir", "hydra.sweep.dir"


def as_meant(words: Sequence[str], *, sweep: bool) -> list[str]:
    """The overrides with names quoted where Hydra's grammar would read something else in them.

    sweep : several values are asked for (-m), so that a comma separates names.
    Errors : InputError for a key that nothing reads here, and for a folder without a name.
    """
    problems = [text for word in words for text in _refused(word, sweep)]
    chosen = [word for word in words if word in _OF_A_SOURCE]
    if chosen and sweep:
        problems.append(f"{chosen[0]}: is for one run at a time; leave out -m")
    if not chosen:
        strays = [_key(word) for word in words if _key(word) in _SOURCE]
        problems += [f"{key}: is read by {' and '.join(_OF_A_SOURCE)} alone; leave it out" for key in strays]
    if problems:
        raise InputError(problems)
    return [_quoted(word, sweep) for word in words]


def given(overrides: Sequence[str], key: str) -> bool:
    """Whether the command line sets a key."""
    return any(_key(text) == key for text in overrides)


def _key(word: str) -> str:
    return word.partition("=")[0].lstrip("+")


def _refused(word: str, sweep: bool) -> list[str]:
    key, equals, value = _key(word), "=" in word, word.partition("=")[2]
    if key in _FOLDERS and equals and not value.strip():
        return [f"{key}: {value!r} is not allowed; name a folder with {key}=FOLDER"]
    if key == _ONE and sweep:
        return [f"{key}: is not read with -m; name the folder of a sweep with {_SEVERAL}={value}"]
    if key == _SEVERAL and not sweep:
        return [f"{key}: is read only with -m; name the folder of a run with {_ONE}={value}"]
    if key.startswith(("hydra.", "hydra/")) and key not in _READ:
        return [f"{key}: is not read; of Hydra's own keys there are {_ONE} and, with -m, {_SEVERAL}"]
    return []


def _quoted(word: str, sweep: bool) -> str:
    key, _, value = word.partition("=")
    if key not in _NAMES or "${" in value or (value == "null" and key in _OR_NONE):
        return word
    from hydra.core.override_parser.types import Quote, QuotedString

    read = _read(word)
    if read == value or isinstance(read, QuotedString) or (sweep and read is _CHOICES):
        return word
    return f"{key}={QuotedString(text=value, quote=Quote.single).with_quotes()}"


_CHOICES: Final = object()


def _read(word: str) -> Any:
    """What Hydra makes of an override: its value, several values, or None where it cannot be read."""
    from hydra.core.override_parser.overrides_parser import OverridesParser
    from hydra.errors import HydraException

    try:
        override = OverridesParser.create().parse_override(word)
    except HydraException:
        return None
    return _CHOICES if override.is_sweep_override() else override._value

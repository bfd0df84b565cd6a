"""Where conf/ lies."""

from pathlib import Path

from sim.core.errors import InputError


def conf_folder() -> Path:
    """conf/: inside the installed package, or beside it in a checkout.

    Errors : InputError if it is in neither place.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "conf", package.parent / "conf"):
        if (folder / "config.yaml").is_file():
            return folder
    raise InputError(f"conf: not found in {package} nor beside it; install the package again")

"""Where conf/ and the documents that a run quotes lie."""

from pathlib import Path

from sim.core.errors import InputError


def conf_folder() -> Path:
    """conf/: inside the installed package, or beside it in a checkout.

    Errors : InputError if it is in neither place.
    """
    return _packaged("conf/config.yaml").parent


def face_validity_page() -> Path:
    """docs/validation.md, in the same two places.

    Errors : InputError if it is in neither.
    """
    return _packaged("docs/validation.md")


def _packaged(name: str) -> Path:
    package = Path(__file__).resolve().parents[1]
    for folder in (package, package.parent):
        if (folder / name).is_file():
            return folder / name
    raise InputError(f"{name}: not found in {package} nor beside it; install the package again")

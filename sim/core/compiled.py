"""Compilation of the scalar functions, cached between runs.

Numba's own cache looks at the file of a function, not at the files of what it calls, so an edited callee
would leave stale machine code behind. Here the cache folder's name is a digest of all files that hold compiled
code: other code, other folder.
"""

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

F = TypeVar("F", bound=Callable[..., Any])
_KEPT = 4


def _source_digest() -> str:
    digest = hashlib.sha256(numba.__version__.encode())
    package = Path(__file__).resolve().parents[1]
    for path in sorted(package.rglob("*.py")):
        source = path.read_bytes()
        if b"compiled" in source:
            digest.update(path.relative_to(package).as_posix().encode())
            digest.update(source)
    return digest.hexdigest()[:16]


def _cache_folder() -> Path:
    """A writable folder for this source; the oldest folders of other sources are removed."""
    root = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lupus-cell-trial-simulator"
    folder = root / _source_digest()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            folder.touch()
        others = sorted(root.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)
    except OSError:
        return Path(tempfile.mkdtemp(prefix="lupus-sim-"))
    for old in others[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
    return folder


if not os.environ.get("NUMBA_CACHE_DIR"):
    numba.config.CACHE_DIR = str(_cache_folder())


def compiled(function: F) -> F:
    """Compile a scalar function on first call; IEEE arithmetic in the order written (no fastmath)."""
    return dispatcher(function, forceinline=False, counted=True)


def inlined(function: F) -> F:
    """The same for what is called everywhere and costs less than a call: its code goes into each caller."""
    return dispatcher(function, forceinline=True, counted=True)


def dispatcher(function: F, *, forceinline: bool, counted: bool) -> F:
    """A function that compiles itself when it is called first; counted : whether the users of its arrays are."""
    made = numba.njit(cache=True, error_model="numpy", forceinline=forceinline, _nrt=counted)(function)
    made.get_call_template = _for_any_value(made.get_call_template)
    return cast(F, made)


@intrinsic  # type: ignore[untyped-decorator]
def borrowed(_context: Any, array: Any) -> Any:
    """The same array, in compiled code, without the count of its users, which costs more than most calls.

    For a loop's work space, which the caller keeps alive; never for an array that is handed out.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        view = make_array(signature.args[0])(context, builder, arguments[0])
        view.meminfo = ir.Constant(view.meminfo.type, None)
        return view._getvalue()

    return array(array), generate


def _for_any_value(template: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """Let calls with constants share one compiled function, where Numba would make one for each constant."""

    def widened(arguments: Any, keywords: Any) -> Any:
        wide = {name: _wide(each) for name, each in keywords.items()}
        return template([_wide(each) for each in arguments], wide)

    return widened


def _wide(kind: Any) -> Any:
    if isinstance(kind, types.IntEnumMember):
        return kind.dtype
    return types.unliteral(kind)


def is_cold() -> bool:
    """Whether nothing has been compiled for this source yet, so that the first call will take long."""
    return next(Path(numba.config.CACHE_DIR).rglob("*.nbi"), None) is None

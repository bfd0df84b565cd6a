"""Compilation of the scalar functions, cached between runs.

Numba's own cache looks at the file of a function, not at the files of what it calls, so an edited callee
would leave stale machine code behind. Here the cache folder's name is a digest of all files that hold compiled
code: other code, other folder. Another copy of the same code has a folder of its own.
"""

import atexit
import contextlib
import functools
import hashlib
import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, TypeVar, cast

try:
    import fcntl
except ImportError:  # Windows has no such locks
    fcntl = None  # type: ignore[assignment]

import numba
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

F = TypeVar("F", bound=Callable[..., Any])
_KEPT: Final = 4
_unwritable: list[Path] = []
"""The usual cache folder, where it cannot be written."""
_functions: list[str] = []


@functools.cache
def _source_digest() -> str:
    """Of this copy of the source: Numba finds code again by the folder and the time of a file, and so do we."""
    digest = hashlib.sha256(numba.__version__.encode())
    package = Path(__file__).resolve().parents[1]
    for path in sorted(package.rglob("*.py")):
        source = path.read_bytes()
        if b"compiled" in source:
            digest.update(f"{path} {path.stat().st_mtime_ns}".encode())
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
        _unwritable.append(folder)
        return _folder_of_this_command(folder)
    for old in others[_KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
    return folder


def _folder_of_this_command(usual: Path) -> Path:
    """A folder that the processes of this command share and that goes with it, with what is in the usual one."""
    folder, owner = Path(tempfile.mkdtemp(prefix="lupus-sim-")), os.getpid()
    if (usual / _complete()).exists():
        shutil.copytree(usual, folder, dirs_exist_ok=True)
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    atexit.register(_remove, folder, owner)
    return folder


def _remove(folder: Path, owner: int) -> None:
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)


def _complete() -> str:
    """Name of the file that says that all of this source has been compiled."""
    return f"complete-{_source_digest()}"


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
    _name_apart(made._cache._cache_file)
    _functions.append(function.__name__)
    return cast(F, made)


def _name_apart(cache_file: Any) -> None:
    """Give every file of machine code a name of its own.

    Numba numbers them, and two processes that compile a function for different arguments at the same time would
    give both the same number: the code of one would be called with the arguments of the other.
    """
    numbered = cache_file._data_name
    cache_file._data_name = lambda number: numbered(number).replace(".nbc", f".{uuid.uuid4().hex[:12]}.nbc")


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
    """Whether not everything has been compiled for this source yet, so that first calls will take long."""
    return not (Path(numba.config.CACHE_DIR) / _complete()).exists()


def now_warm() -> None:
    """Say in the cache that everything has been compiled."""
    with contextlib.suppress(OSError):
        (Path(numba.config.CACHE_DIR) / _complete()).touch()


def how_many_compiled() -> tuple[int, int]:
    """Functions that have been compiled so far by any process, and all there are to compile."""
    done = len(list(Path(numba.config.CACHE_DIR).rglob("*.nbi")))
    return min(done, len(_functions)), len(_functions)


def unwritable_cache() -> Path | None:
    """The folder where compiled code would have been kept, had it been possible to write there."""
    return _unwritable[0] if _unwritable else None


@contextlib.contextmanager
def alone(wait_words: Callable[[], None]) -> Iterator[None]:
    """Within, no other command compiles; where one does already it is waited for, and `wait_words` called before.

    The system takes the lock back however a process ends; where there are no locks, both compile.
    """
    with contextlib.ExitStack() as stack:
        if fcntl is not None:
            with contextlib.suppress(OSError):
                file = stack.enter_context((Path(numba.config.CACHE_DIR) / "compiling").open("w"))
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    wait_words()
                    fcntl.flock(file, fcntl.LOCK_EX)
        yield

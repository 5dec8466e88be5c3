"""Where the program keeps its things: user directories, and the files shipped with it."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import os
import re
import shutil
import socket
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parent
_SCRATCH = re.compile(r"\.?[a-z]+-([0-9a-f]{8})-([0-9]+)-.*")  # the computer, the process


@dataclass(frozen=True)
class UserPaths:
    """The folders the program writes to, and the only ones; created private (mode 0700) on first use."""

    config: Path
    cache: Path
    state: Path

    @classmethod
    def standard(cls) -> UserPaths:
        """Return the folders that this operating system gives each user."""
        found = platformdirs.PlatformDirs("itkgui", appauthor=False)
        return cls(found.user_config_path, found.user_cache_path, found.user_state_path)

    @classmethod
    def below(cls, folder: Path) -> UserPaths:
        """Return folders that all lie in one place, for tests, tours and portable use."""
        folder = folder.expanduser().absolute()
        return cls(folder / "config", folder / "cache", folder / "state")

    @property
    def downloads(self) -> Path:
        """Attachments that were fetched: those kept for the next time, and what a session unpacks of them.

        Emptied at sign-out; what was unpacked goes at the end of the program too.
        """
        return self.cache / "downloads"

    def new_session_folder(self) -> Path:
        """Make a folder for what goes with a session, in ``downloads`` if that can be. Raises OSError."""
        # One for each: a second program of the same user must not lose its files with this one.
        try:
            return scratch_folder(self.downloads, "session")
        except OSError:  # without a place at home one can look at files all the same
            return scratch_folder(Path(tempfile.gettempdir()), "session")

    def sweep(self) -> None:
        """Remove what programs that were killed have left, and their sandboxes, as far as it can be done."""
        with contextlib.suppress(OSError):  # of a folder that another program removes meanwhile
            for folder in (
                *self.downloads.glob("session-*"),
                *self.downloads.glob("kept-*/.part-*"),
                *self.sandbox.glob("uploads-*"),
            ):
                if _is_left_behind(folder):
                    shutil.rmtree(folder, ignore_errors=True)

    @property
    def answers(self) -> Path:
        """Answers of the database, a file for each user: what was seen, and what scripts keep."""
        return self.cache / "answers"

    def uploads(self, server: str, account: str) -> Path:
        """What one person sends to one server: the queue, and its copies of the files."""
        return self.state / "uploads" / key_of(server, account)

    def scan_log(self, server: str, user: str) -> Path:
        """What one person has scanned on one server."""
        return self.state / "scans" / f"{key_of(server, user)}.jsonl"

    @property
    def sandbox(self) -> Path:
        """The bytes that the embedded sandbox holds."""
        return self.state / "sandbox"

    @property
    def settings_file(self) -> Path:
        """What the user has chosen."""
        return self.config / "settings.toml"

    @property
    def log_file(self) -> Path:
        return self.state / "itkgui.log"

    def create(self) -> None:
        """Make the folders, as many as can be made. Raises OSError for one that cannot."""
        with contextlib.ExitStack() as all_the_same:
            for folder in reversed((self.config, self.cache, self.state, self.downloads, self.sandbox)):
                all_the_same.callback(make_private, folder)


def site_settings_file() -> Path:
    """Return the file in which whoever looks after this computer sets what holds for all its users."""
    if sys.platform in ("win32", "darwin"):  # ProgramData; /Library/Application Support
        return platformdirs.PlatformDirs("itkgui", appauthor=False).site_config_path / "settings.toml"
    return Path("/etc/itkgui/settings.toml")


def key_of(*parts: str) -> str:
    """Return a name for what a server calls these, which may be anything."""
    return hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()[:32]


def make_private(path: Path) -> None:
    """Make a folder for this user only (mode 0700), and those above it that are missing. Raises OSError.

    ``Path.mkdir`` would let others look into the latter.
    """
    for folder in (*reversed(path.parents), path):
        if not folder.exists():
            folder.mkdir(mode=0o700, exist_ok=True)


def private_file(path: Path) -> None:
    """Make a file for this user only (mode 0600), empty if it is not there; who writes it keeps that.

    Raises OSError.
    """
    path.touch(0o600)
    path.chmod(0o600)


def scratch_folder(parent: Path, purpose: str) -> Path:
    """Make a private folder that this program removes itself, and tells whose it is if it cannot.

    Raises OSError.
    """
    return Path(tempfile.mkdtemp(prefix=f"{purpose}-{computer_mark()}-{os.getpid()}-", dir=parent))


def computer_mark() -> str:
    """Return what tells this computer from others that share a folder, and names it to nobody."""
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]


def _is_left_behind(scratch: Path) -> bool:
    """Tell whether the program that made a folder has ended; of other computers, nobody here can know."""
    import psutil  # not for every start: most find nothing to ask about

    made = _SCRATCH.fullmatch(scratch.name)
    return made is not None and made[1] == computer_mark() and not psutil.pid_exists(int(made[2]))


def runtime_folder() -> Path:
    """Return the folder for sockets and locks of this user on this computer; it may not exist yet.

    Not below the data folder, which may lie on a file system that other computers share.
    """
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isabs(given):  # noqa: PTH117 - a text may be empty, a path not
        return Path(given) / "itkgui"
    # Windows gives each user a temporary folder; elsewhere many share one.
    name = "itkgui" if sys.platform == "win32" else f"itkgui-{os.getuid()}"
    return Path(tempfile.gettempdir()) / name


@functools.cache
def resource(name: str) -> Path:
    """Return the path of a shipped file such as ``"icons/search.svg"``, from a checkout or a wheel alike.

    Raises FileNotFoundError if there is none, ValueError for a name that leads out of ``resources``.
    """
    for root in (_PACKAGE / "resources", _PACKAGE.parent / "resources"):
        path = (root / name).resolve()
        if not path.is_relative_to(root):
            raise ValueError(f"not below resources: {name}")
        if path.exists():
            return path
    raise FileNotFoundError(f"itkgui ships no file called {name}")

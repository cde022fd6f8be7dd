"""A folder on the disk in which a source leaves files: what lies in it, claimed by a rename, kept sealed or not.

Nothing is opened by a path that the source could bend: folders and files are opened from their parents, never
through a link. Names that we write are keys; what a file was called is kept in the database alone.
"""

import os
import stat
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from alongside.core.privacy import crypt

OURS = ".alongside"  # beside the sources' folders; what is claimed lies in it, by source
TAKEN, KEPT = "taken", "kept"
UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".swp", "~")
CHUNK = 1024 * 1024
NONCE = 12
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK


class FolderGone(Exception):
    """The folder is not there, or is none that we may look into; says what to do."""


@dataclass(frozen=True)
class Found:
    """A file as it lies in a folder. `mark` changes while somebody still writes it."""

    name: str
    size: int
    mark: str


@dataclass(frozen=True)
class Seen:
    """What lies in a folder: files that may be taken, and how many other things are left alone."""

    files: tuple[Found, ...]
    strange: int


@contextmanager
def _opened(parent: int | None, name: str | Path) -> Iterator[int]:
    try:
        folder = os.open(name, _FOLDER if parent is not None else os.O_RDONLY | os.O_DIRECTORY, dir_fd=parent)
    except OSError as error:
        raise FolderGone("The folder is not there, or may not be read.") from error
    try:
        yield folder
    finally:
        os.close(folder)


@contextmanager
def source(root: Path, name: str) -> Iterator[int]:
    """The folder of a source, open."""
    with _opened(None, root) as top, _opened(top, name) as folder:
        yield folder


@contextmanager
def ours(root: Path, name: str, part: str) -> Iterator[int]:
    """Our own folder for what came from a source, made where it is not there, for this user alone."""
    with _opened(None, root) as top:
        _make(OURS, top)
        with _opened(top, OURS) as mine:
            _make(name, mine)
            with _opened(mine, name) as his:
                _make(part, his)
                with _opened(his, part) as folder:
                    yield folder


def _make(name: str, parent: int) -> None:
    try:
        os.mkdir(name, 0o700, dir_fd=parent)
    except FileExistsError:
        return
    except OSError as error:
        raise FolderGone("The folder beside it, in which claimed files lie, cannot be made.") from error


def look(folder: int) -> Seen:
    """What lies there. Hidden and unfinished names are not looked at; links, folders and devices are never taken."""
    files, strange = [], 0
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name.lower().endswith(UNFINISHED):
                continue
            found = entry.stat(follow_symlinks=False)
            if stat.S_ISREG(found.st_mode) and found.st_nlink == 1:
                files.append(Found(entry.name, found.st_size, mark_of(found)))
            else:
                strange += 1
    return Seen(tuple(sorted(files, key=lambda one: one.name)), strange)


def mark_of(found: os.stat_result) -> str:
    return f"{found.st_ino}-{found.st_size}-{found.st_mtime_ns}"


def claim(folder: int, found: Found, taken: int, key: UUID) -> bool:
    """Takes a file out of a source's folder, whole, by a rename; whether it was still there and still the same.

    Somebody who writes it yet has it back, under its name.
    """
    mine = f"{key}.csv"
    try:
        os.rename(found.name, mine, src_dir_fd=folder, dst_dir_fd=taken)
    except FileNotFoundError:
        return False
    if mark_of(os.stat(mine, dir_fd=taken, follow_symlinks=False)) == found.mark:
        return True
    try:
        os.stat(found.name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        os.rename(mine, found.name, src_dir_fd=taken, dst_dir_fd=folder)
        return False
    return True


def claimed(taken: int) -> list[UUID]:
    """What was claimed and is still there, the earliest first: work that was cut short."""
    names = (Path(name) for name in os.listdir(taken))
    return sorted(UUID(name.stem) for name in names if name.suffix == ".csv")


def chunks(taken: int, key: UUID) -> Iterator[bytes]:
    """The bytes of a claimed file."""
    with os.fdopen(os.open(f"{key}.csv", _FILE, dir_fd=taken), "rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def throw_away(taken: int, key: UUID) -> None:
    try:
        os.unlink(f"{key}.csv", dir_fd=taken)
    except FileNotFoundError:
        return


def seal(taken: int, kept: int, key: UUID) -> None:
    """Keeps a claimed file sealed: by chunks, each bound to its place, under a key that the master key seals."""
    secret = os.urandom(32)
    master, wrapped = crypt.wrap(key, secret)
    name = f"{key}.sealed"
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW
    with os.fdopen(os.open(f"{name}.part", flags, 0o600, dir_fd=kept), "wb") as file:
        head = master.encode()
        file.write(struct.pack(">BB", len(head), len(wrapped)) + head + wrapped)
        number = 0
        for chunk in chunks(taken, key):
            file.write(_frame(secret, key, number, chunk))
            number += 1
        file.write(_frame(secret, key, number, b""))
    os.rename(f"{name}.part", name, src_dir_fd=kept, dst_dir_fd=kept)


def _frame(secret: bytes, key: UUID, number: int, chunk: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    sealed = AESGCM(secret).encrypt(nonce, chunk, f"{key}|{number}".encode())
    return struct.pack(">I", len(sealed)) + nonce + sealed


def unseal(kept: int, key: UUID) -> Iterator[bytes]:
    """The bytes of a kept file. Raises SealBroken where one was altered, moved or cut off."""
    with os.fdopen(os.open(f"{key}.sealed", _FILE, dir_fd=kept), "rb") as file:
        long, short = struct.unpack(">BB", file.read(2))
        master = file.read(long).decode()
        secret = crypt.unwrap(key, master, file.read(short))
        number, chunk = 0, b"-"
        while chunk:
            size = file.read(4)
            if len(size) < 4:
                raise crypt.SealBroken("A kept file is cut off.")
            nonce, sealed = file.read(NONCE), file.read(*struct.unpack(">I", size))
            try:
                chunk = AESGCM(secret).decrypt(nonce, sealed, f"{key}|{number}".encode())
            except InvalidTag as error:
                raise crypt.SealBroken("A kept file was altered.") from error
            yield chunk
            number += 1


def forget(kept: int, before: float) -> int:
    """Throws away what was kept before a moment, in seconds since 1970. Returns how many files."""
    done = 0
    for name in os.listdir(kept):
        if os.stat(name, dir_fd=kept, follow_symlinks=False).st_mtime < before:
            os.unlink(name, dir_fd=kept)
            done += 1
    return done

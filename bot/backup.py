"""`touchstone backup` and `touchstone restore`: the whole database in one file, while Touchstone runs, and back again.

SQLite by its own online backup; PostgreSQL by its own `pg_dump`, `pg_restore` and `psql`. A password goes through a
file that only we can read, never through arguments, which everybody on the machine can see.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
import subprocess  # nosec B404  # PostgreSQL's own tools are how its databases are taken and brought back
import tempfile
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from db import migrate
from db.engine import make_engine

DUMP = b"PGDMP"
SQLITE = b"SQLite format 3\x00"
REVISION = re.compile(r"^COPY public\.alembic_version \(version_num\) FROM stdin;\n(.+)$", re.MULTILINE)


class CannotBackUp(Exception):
    """What is in the way, in a sentence."""


def backup(url: str, file: Path, *, force: bool = False) -> int:
    """Write the database into a file that only its owner may read; its size in bytes. Raises `CannotBackUp`."""
    if file.exists() and not force:
        raise CannotBackUp(f"{file} is there already. Choose another name, or add --force to replace it.")
    if not file.parent.is_dir():
        raise CannotBackUp(f"There is no folder {file.parent}.")
    database = _reachable(url)
    part = file.with_name(f"{file.name}.part")
    part.touch(mode=0o600)
    try:
        (_copy_sqlite if database.get_backend_name() == "sqlite" else _dump)(database, part)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return file.stat().st_size


def restore(url: str, file: Path, *, force: bool = False) -> str:
    """Bring the database of a backup back; the revision it stands at. Raises `CannotBackUp`.

    All of it or nothing: what was there before stays if anything goes wrong, and is gone otherwise.
    """
    target = make_engine(url).url
    lite = target.get_backend_name() == "sqlite"
    _check_kind(file, lite=lite)
    revision = _revision_of_sqlite(file) if lite else _revision_of_dump(file)
    if revision not in migrate.known():
        raise CannotBackUp(
            f"{file} is of a newer version of Touchstone (its tables are at {revision}, this version knows up to "
            f"{migrate.head()}). Install that version, then restore."
        )
    tables = _tables(url)
    if tables and not force:
        raise CannotBackUp("The database is not empty. Add --force to replace everything in it.")
    if lite:
        _restore_sqlite(target, file)
    else:
        _restore_dump(target, file, tables)
    return revision


def _reachable(url: str) -> sa.URL:
    engine = make_engine(url)
    path = engine.url.database
    if engine.dialect.name == "sqlite" and not (path and Path(path).is_file()):
        raise CannotBackUp(f"There is no database {path or 'in memory'} to back up. Check DATABASE_URL.")
    try:
        if migrate.current(url) is None:
            raise CannotBackUp("The database is empty: there is nothing to back up.")
    finally:
        engine.dispose()
    return engine.url


def _tables(url: str) -> list[str]:
    engine = make_engine(url)
    try:
        return sa.inspect(engine).get_table_names()
    finally:
        engine.dispose()


def _check_kind(file: Path, *, lite: bool) -> None:
    try:
        with file.open("rb") as opened:
            start = opened.read(len(SQLITE))
    except OSError as error:
        raise CannotBackUp(f"{file} cannot be read: {error.strerror}.") from error
    if not start.startswith(SQLITE if lite else DUMP):
        other = "PostgreSQL" if start.startswith(DUMP) else "SQLite" if start.startswith(SQLITE) else "no database"
        raise CannotBackUp(
            f"{file} is a backup of {other}, and DATABASE_URL is {'SQLite' if lite else 'PostgreSQL'}. "
            "A backup goes back to where it came from."
        )


# SQLite


def _copy_sqlite(database: sa.URL, file: Path) -> None:
    _copy(str(database.database), str(file))


def _restore_sqlite(database: sa.URL, file: Path) -> None:
    _copy(str(file), str(database.database))


def _copy(source: str, target: str) -> None:
    try:
        with contextlib.closing(sqlite3.connect(source)) as here, contextlib.closing(sqlite3.connect(target)) as there:
            here.backup(there)
            (sound,) = there.execute("PRAGMA quick_check").fetchone()
    except sqlite3.Error as error:
        raise CannotBackUp(f"SQLite could not copy it: {error}.") from error
    if sound != "ok":
        raise CannotBackUp(f"The copy is not sound: {sound}.")


def _revision_of_sqlite(file: Path) -> str:
    try:
        with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as opened:
            (revision,) = opened.execute("SELECT version_num FROM alembic_version").fetchone()
    except (sqlite3.Error, TypeError) as error:
        raise CannotBackUp(f"{file} is no backup of Touchstone: {error}.") from error
    return str(revision)


# PostgreSQL


def _dump(database: sa.URL, file: Path) -> None:
    with _login(database) as where:
        _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={file}", f"--dbname={where}")


def _restore_dump(database: sa.URL, file: Path, tables: list[str]) -> None:
    with _login(database) as where, tempfile.TemporaryDirectory() as folder:
        before, script = Path(folder) / "before.sql", Path(folder) / "restore.sql"
        quoted = ", ".join('"public"."{}"'.format(name.replace('"', '""')) for name in tables)
        before.write_text(f"DROP TABLE {quoted} CASCADE;\n" if tables else "", encoding="utf-8")
        _run("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(file))
        alone = ("--quiet", "--no-psqlrc", "--single-transaction", "--set=ON_ERROR_STOP=1")
        _run("psql", *alone, "--output=/dev/null", f"--file={before}", f"--file={script}", f"--dbname={where}")


def _revision_of_dump(file: Path) -> str:
    found = REVISION.search(_run("pg_restore", "--data-only", "--table=alembic_version", "--file=-", str(file)))
    if found is None:
        raise CannotBackUp(f"{file} is no backup of Touchstone.")
    return found[1]


@contextlib.contextmanager
def _login(database: sa.URL) -> Iterator[str]:
    """The address of the database as PostgreSQL's tools read it, its password in a file of our own."""
    plain = database.set(drivername="postgresql", password=None)
    with tempfile.NamedTemporaryFile("w", prefix="touchstone-", encoding="utf-8") as secret:  # made with mode 0600
        if database.password:
            escaped = str(database.password).replace("\\", "\\\\").replace(":", "\\:")
            secret.write(f"*:*:*:*:{escaped}\n")
            secret.flush()
            plain = plain.update_query_dict({"passfile": secret.name})
        yield plain.render_as_string(hide_password=False)


def _run(tool: str, *arguments: str) -> str:
    path = shutil.which(tool)
    if path is None:
        raise CannotBackUp(
            f"{tool} is not installed here. It comes with PostgreSQL's client tools (Debian: postgresql-client), "
            "of the server's version or newer."
        )
    done = subprocess.run([path, *arguments], capture_output=True, text=True, check=False)  # noqa: S603  # nosec B603  # a tool by its full path, without a shell
    if done.returncode:
        said = done.stderr.strip().splitlines() or [f"it ended with {done.returncode}"]
        raise CannotBackUp(f"{tool} failed: {said[0]}{os.linesep + said[1] if len(said) > 1 else ''}")
    return done.stdout

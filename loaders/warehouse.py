"""Which PostgreSQL is the warehouse, for dlt, dbt and ``hindcast sql`` alike.

``HINDCAST_DATABASE_URL`` comes first, then the usual ``PG*`` variables, else the
embedded server of this checkout. libpq resolves what the environment says (services,
password files, TLS), and the others are handed what it resolved.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from loaders import embedded
from loaders.errors import Failed, UsageError

if TYPE_CHECKING:
    from psycopg2.extensions import connection as Connection

URL_VARIABLE = "HINDCAST_DATABASE_URL"
PG_VARIABLES = ("PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGUSER", "PGSERVICE")
_SHOWN_OF_DSN = ("host", "hostaddr", "port", "dbname", "user", "service")
TLS_PARAMETERS = ("sslmode", "sslcert", "sslkey", "sslrootcert")
APPLICATION = "hindcast"


@dataclass(frozen=True)
class Target:
    """A resolved warehouse.

    Attributes:
        origin: ``embedded``, or the variables it comes from.
        tls: TLS parameters that differ from libpq's defaults.
    """

    host: str
    port: int
    user: str
    password: str
    database: str
    origin: str
    tls: dict[str, str] = field(default_factory=dict)

    def url(self, *, hide_password: bool = False) -> str:
        """The connection url, as dlt, ADBC and psql take it.

        dlt insists on a password even where none is asked for.
        """
        password = "***" if hide_password else quote(self.password or "unused", safe="")
        query = f"?{urlencode(self.tls)}" if self.tls else ""
        return (
            f"postgresql://{quote(self.user, safe='')}:{password}"
            f"@{quote(self.host, safe='')}:{self.port}"
            f"/{quote(self.database, safe='')}{query}"
        )


def origin() -> str:
    """Where the warehouse comes from, without connecting to it."""
    if os.environ.get(URL_VARIABLE):
        return URL_VARIABLE
    present = [name for name in PG_VARIABLES if os.environ.get(name)]
    return ", ".join(present) if present else "embedded"


def _without_password(dsn: str) -> str:
    """The server a url or a libpq string names; never any part of a password."""
    import psycopg2
    from psycopg2.extensions import parse_dsn

    try:
        parts = parse_dsn(dsn)
    except psycopg2.ProgrammingError:
        return "(unreadable)"
    return " ".join(f"{n}={parts[n]}" for n in _SHOWN_OF_DSN if n in parts)


def _check_escaped(dsn: str) -> None:
    """Refuses a url whose password libpq would cut in the middle, and then print.

    Raises:
        UsageError: There is a character between ``://`` and the last ``@`` that ends a
            part of a url.
    """
    if "://" not in dsn:
        return
    login = dsn.split("://", 1)[1].rpartition("@")[0]
    if re.search(r"[@/?#\s]|%(?![0-9A-Fa-f]{2})", login):
        raise UsageError(
            f"cannot understand {URL_VARIABLE}",
            where=f"{URL_VARIABLE}, between :// and the last @",
            expected="user and password with special characters percent-encoded: "
            "%40 for @, %2F for /, %3F for ?, %23 for #, %25 for %",
            found="such a character as it is",
            next_step="encode it, or set PGHOST, PGUSER and PGPASSWORD instead",
        )


def _from_environment(source: str) -> Target:
    import psycopg2

    dsn = os.environ.get(URL_VARIABLE, "")
    _check_escaped(dsn)
    where = (
        f"{URL_VARIABLE}: {_without_password(dsn)}"
        if dsn
        else " ".join(f"{n}={os.environ[n]}" for n in PG_VARIABLES if n in os.environ)
    )
    try:
        connection = psycopg2.connect(
            dsn, connect_timeout=15, application_name=APPLICATION
        )
    except psycopg2.ProgrammingError as error:
        raise UsageError(
            f"cannot understand {source}",
            where=where,
            expected="postgresql://user:password@host:port/database",
            # Its quotations may be parts of a password.
            found=re.sub(r'"[^"]*"', '"…"', str(error).strip()),
            next_step=f"correct {source}, or unset it to use the embedded server",
        ) from error
    except psycopg2.OperationalError as error:
        raise Failed(
            "cannot connect to the warehouse",
            where=where,
            expected="a PostgreSQL server that lets us in",
            found=" ".join(str(error).split()),
            next_step="start or correct it, or unset "
            f"{source} to use the embedded server",
        ) from error
    with connection:
        info = connection.info
        parameters: dict[str, Any] = info.dsn_parameters
        target = Target(
            host=info.host or parameters.get("hostaddr") or "localhost",
            port=info.port,
            user=info.user,
            password=info.password or "",
            database=info.dbname,
            origin=source,
            tls={
                name: parameters[name]
                for name in TLS_PARAMETERS
                if parameters.get(name)
                and (name, parameters[name]) != ("sslmode", "prefer")
            },
        )
    connection.close()
    if " " in target.user + target.password:
        raise UsageError(
            "cannot use this login for loading",
            where=where,
            expected="a user and password without spaces (dlt hands them on unescaped)",
            found="a space in one of them",
            next_step="load as another user of this server",
        )
    return target


def resolve() -> Target:
    """The warehouse in use; starts the embedded server when that is the one.

    Raises:
        Failed: It cannot be reached or started.
        UsageError: The environment cannot be understood.
    """
    source = origin()
    if source != "embedded":
        return _from_environment(source)
    server = embedded.start()
    return Target(
        host="127.0.0.1",
        port=server.port,
        user=embedded.USER,
        password=server.password,
        database=embedded.DATABASE,
        origin="embedded",
    )


def connect(target: Target | None = None, *, autocommit: bool = False) -> Connection:
    """A connection to the warehouse in use, or to the one given."""
    import psycopg2

    target = target or resolve()
    tls: dict[str, Any] = target.tls
    try:
        connection: Connection = psycopg2.connect(
            host=target.host,
            port=target.port,
            user=target.user,
            password=target.password or None,
            dbname=target.database,
            application_name=APPLICATION,
            connect_timeout=15,
            **tls,
        )
    except psycopg2.OperationalError as error:
        raise Failed(
            "cannot connect to the warehouse",
            where=target.url(hide_password=True),
            expected="a PostgreSQL server that lets us in",
            found=" ".join(str(error).split()),
            next_step="run `hindcast up`, then the same command again",
        ) from error
    connection.autocommit = autocommit
    return connection

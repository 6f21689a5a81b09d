"""Reads the settings that come from the environment, and refuses what makes no sense.

Owns the parsing of values and the sentence said when one is wrong. Called by `config.settings`
alone; never reads files of the archive, never imports Django apps.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

# The whole of the contract's table (contract.md, "Settings"), and four of ours.
NAMES = frozenset(
    {
        "DATA_DIR",
        "DATABASE_URL",
        "SEARCH_URL",
        "STORAGE_URL",
        "CACHE_URL",
        "EMAIL_URL",
        "SECRET_KEY",
        "CONTACT_KEYS",
        "BACKUP_RECIPIENT",
        "BACKUP_IDENTITY",
        "SITE_URL",
        "EMAIL_FROM",
        "ALLOWED_HOSTS",
        "TRUSTED_PROXIES",
        "ARCHIVE_NAME",
        "DEBUG",
    }
)


SHORTEST_SECRET = 32  # characters; what `secrets.token_urlsafe(24)` makes


@dataclass(frozen=True)
class ServiceUrl:
    """One service named by a URL: `scheme://user:password@host:port/path?options`."""

    scheme: str
    host: str
    port: int | None
    user: str
    password: str
    path: str
    options: Mapping[str, str]


def refuse(name: str, value: str, expected: str) -> ImproperlyConfigured:
    """The one sentence for a setting that cannot be used."""
    return ImproperlyConfigured(f"{name} is set to {value!r}, but {expected}.")


def refuse_misspelt(environ: Mapping[str, str] = os.environ) -> None:
    """Stop at a variable that is one slip away from a setting of ours.

    The environment is shared with the rest of the machine, so a name that resembles nothing of
    ours is none of our business; `DATABSE_URL` silently ignored would cost somebody a night.
    """
    for name in environ:
        if name in NAMES or len(name) < 6:
            continue
        meant = next((known for known in NAMES if _one_slip(name, known)), None)
        if meant:
            raise ImproperlyConfigured(
                f"{name} is not a setting of this archive; did you mean {meant}? "
                "Rename or unset it."
            )


def _one_slip(given: str, known: str) -> bool:
    """Whether two names differ by one letter added, lost, changed or swapped with its neighbour."""
    if given == known or abs(len(given) - len(known)) > 1:
        return False
    pairs = enumerate(zip(given, known, strict=False))
    head = next((at for at, (one, other) in pairs if one != other), min(len(given), len(known)))
    rest_given, rest_known = given[head:], known[head:]
    return (
        rest_given[1:] == rest_known
        or rest_given == rest_known[1:]
        or rest_given[1:] == rest_known[1:]
        or (rest_given[:2] == rest_known[1::-1] and rest_given[2:] == rest_known[2:])
    )


def text(name: str, default: str = "") -> str:
    """A plain value, trimmed; an empty variable counts as unset."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    """`1` or `0`; anything else stops the start."""
    value = text(name)
    if value in ("0", "1"):
        return value == "1"
    if value:
        raise refuse(name, value, "it must be 0 or 1")
    return default


def words(name: str) -> list[str]:
    """A list written with commas."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def hosts(name: str) -> list[str]:
    """Names of hosts, as Django's ALLOWED_HOSTS takes them: no scheme, no path, no port."""
    for word in words(name):
        if "/" in word or (":" in word and not word.startswith("[")):
            raise refuse(name, word, "it must be names of hosts, without http://, port or path")
    return words(name)


def networks(name: str) -> list[str]:
    """Internet addresses or networks."""
    for word in words(name):
        try:
            ip_network(word)
        except ValueError as problem:
            raise refuse(
                name, word, "it must be addresses or networks, such as 10.0.0.1 or 10.0.0.0/8"
            ) from problem
    return words(name)


def secret(name: str, value: str) -> str:
    """A key that nobody can guess; the sentence does not repeat it."""
    if len(value) < SHORTEST_SECRET:
        raise ImproperlyConfigured(
            f"{name} has fewer than {SHORTEST_SECRET} characters and could be guessed. Make one with "
            "`python -c 'import secrets; print(secrets.token_urlsafe(48))'`."
        )
    return value


def service(name: str, default: str, schemes: frozenset[str]) -> ServiceUrl:
    """A service named by URL whose scheme must be one that this archive knows."""
    value = text(name, default)
    known = ", ".join(f"{scheme}://" for scheme in sorted(schemes))
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError as problem:
        raise refuse(name, value, f"it is not a URL ({problem})") from problem
    if parts.scheme not in schemes:
        raise refuse(name, value, f"it must begin with one of {known}")
    return ServiceUrl(
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=port,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        path=unquote(parts.path),
        options=dict(parse_qsl(parts.query)),
    )


def folder(name: str, default: Path) -> Path:
    """A folder that exists (made if need be) and can be written to."""
    path = Path(text(name, str(default))).expanduser().resolve()
    try:
        # Made for its owner alone: the database in it is private, whatever the umask.
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as problem:
        raise refuse(
            name, str(path), f"that folder cannot be made ({problem.strerror})"
        ) from problem
    if not path.is_dir() or not os.access(path, os.W_OK | os.X_OK):
        raise refuse(name, str(path), "that folder cannot be written to")
    return path

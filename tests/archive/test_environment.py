"""A setting that makes no sense stops the start with one sentence that names it."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import environment
from tests.processes import manage

LONG = "0123456789abcdefghijklmnopqrstuvwxyz"

REFUSED = [
    ({"DATA_DIR": "/dev/null/archive"}, "DATA_DIR"),
    ({"DATA_DIR": "{a_file}"}, "DATA_DIR"),
    ({"DATABASE_URL": "mysql://localhost/archive"}, "DATABASE_URL"),
    ({"DATABASE_URL": "archive.sqlite3"}, "DATABASE_URL"),
    ({"DATABASE_URL": "sqlite:///"}, "DATABASE_URL"),
    ({"DATABASE_URL": "sqlite:////no/such/folder/archive.sqlite3"}, "DATABASE_URL"),
    ({"DATABASE_URL": "postgres://localhost:port/archive"}, "DATABASE_URL"),
    ({"DATABASE_URL": "postgres://localhost"}, "DATABASE_URL"),
    ({"SEARCH_URL": "elastic://localhost"}, "SEARCH_URL"),
    ({"STORAGE_URL": "s3://bucket"}, "STORAGE_URL"),
    ({"CACHE_URL": "memcached://localhost"}, "CACHE_URL"),
    ({"EMAIL_URL": "mailto:archive@example.org"}, "EMAIL_URL"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY"),
    ({"CONTACT_KEYS": f"{LONG},short"}, "CONTACT_KEYS"),
    ({"ALLOWED_HOSTS": "archive.example"}, "SECRET_KEY"),
    ({"ALLOWED_HOSTS": "https://archive.example", "SECRET_KEY": LONG}, "ALLOWED_HOSTS"),
    ({"ALLOWED_HOSTS": "archive.example:8000", "SECRET_KEY": LONG}, "ALLOWED_HOSTS"),
    ({"SITE_URL": "archive.example"}, "SITE_URL"),
    ({"SITE_URL": "https://"}, "SITE_URL"),
    ({"TRUSTED_PROXIES": "the.proxy"}, "TRUSTED_PROXIES"),
    ({"DEBUG": "yes"}, "DEBUG"),
    ({"DATABSE_URL": "postgres:///archive"}, "DATABSE_URL"),
    ({"ALLOWD_HOSTS": "archive.example"}, "ALLOWD_HOSTS"),
]


@pytest.mark.parametrize(("chosen", "named"), REFUSED)
def test_nonsense_is_refused_in_one_sentence(
    chosen: dict[str, str], named: str, tmp_path: Path
) -> None:
    a_file = tmp_path / "a-file"
    a_file.touch()
    chosen = {name: value.format(a_file=a_file) for name, value in chosen.items()}
    refused = manage("check", **{"data_dir": tmp_path, **_without(chosen, tmp_path)})
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"testimonio: {named} ")
    assert refused.stderr.count("\n") == 1, refused.stderr


def _without(chosen: dict[str, str], tmp_path: Path) -> dict[str, object]:
    """`DATA_DIR` goes by the name that `manage` gives it."""
    rest: dict[str, object] = dict(chosen)
    if "DATA_DIR" in rest:
        rest["data_dir"] = Path(str(rest.pop("DATA_DIR")))
    return rest


@pytest.mark.parametrize(
    "chosen",
    [
        {},
        {"DEBUG": "1"},
        {"DEBUG": ""},
        {"DATABASE_URL": "postgres:///archive"},
        {"SEARCH_URL": "whoosh:///tmp/index", "EMAIL_URL": "smtp+tls://u:p@mail.example:587"},
        {
            "ALLOWED_HOSTS": "archive.example,.archive.example",
            "SITE_URL": "https://archive.example",
            "SECRET_KEY": LONG,
            "TRUSTED_PROXIES": "10.0.0.1,10.1.0.0/16,::1",
        },
        {"DATABASES": "somebody else's", "SECRETS": "not ours", "TERM": "dumb"},
    ],
)
def test_sense_is_taken(chosen: dict[str, str], tmp_path: Path) -> None:
    taken = manage("check", data_dir=tmp_path, **chosen)
    assert taken.returncode == 0, taken.stderr


def test_an_empty_data_folder_is_furnished_with_private_keys(tmp_path: Path) -> None:
    data_dir = tmp_path / "not" / "yet" / "there"
    assert manage("check", data_dir=data_dir).returncode == 0
    assert data_dir.stat().st_mode & 0o777 == 0o700
    keys = {path.name: path for path in data_dir.glob("*.key")}
    assert set(keys) == {"secret.key", "contact.key"}
    assert all(path.stat().st_mode & 0o777 == 0o600 for path in keys.values())
    before = {name: path.read_text() for name, path in keys.items()}
    assert manage("check", data_dir=data_dir).returncode == 0
    assert {name: path.read_text() for name, path in keys.items()} == before


def test_an_emptied_key_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "contact.key").touch()
    refused = manage("check", data_dir=tmp_path)
    assert refused.returncode == 1
    assert "contact.key has fewer than 32 characters" in refused.stderr


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("DATABSE_URL", "DATABASE_URL"),  # a letter lost
        ("SEARCHH_URL", "SEARCH_URL"),  # one too many
        ("SEARCH_ULR", "SEARCH_URL"),  # two swapped
        ("SITE-URL", "SITE_URL"),  # one changed
        ("DATA_DIRS", "DATA_DIR"),  # one at the end
        ("XSECRET_KEY", "SECRET_KEY"),  # one at the beginning
    ],
)
def test_a_slip_of_the_pen_is_found(given: str, meant: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"did you mean {meant}"):
        environment.refuse_misspelt({given: "x"})


@pytest.mark.parametrize("name", ["PATH", "DATABASE", "SECRETS_DIR", "URL", "EMAIL", "HOSTS"])
def test_what_resembles_nothing_of_ours_is_left_alone(name: str) -> None:
    environment.refuse_misspelt({name: "x"})

"""The archive's own settings, on ground that may be thrown away.

Loaded by pytest-django before anything else, once in every xdist process. Gives each process a
data folder of its own and forgets what the developer's shell says about the archive, except
`DATABASE_URL`, by which the same suite runs on PostgreSQL.
"""

import os
import tempfile
from pathlib import Path

from config import environment

_worker = os.environ.get("PYTEST_XDIST_WORKER")
if _worker:  # below the folder of the controller, which removes it all at the end
    _ground = Path(os.environ["TESTIMONIO_TEST_GROUND"]) / _worker
else:
    _ground = Path(tempfile.mkdtemp(prefix="testimonio-"))
    os.environ["TESTIMONIO_TEST_GROUND"] = str(_ground)
for _name in environment.NAMES - {"DATABASE_URL"}:
    os.environ.pop(_name, None)
os.environ["DATA_DIR"] = str(_ground)

from config.settings import *  # noqa: E402, F403
from config.settings import DATA_DIR, DATABASES, STORAGES  # noqa: E402

TEST_GROUND = Path(os.environ["TESTIMONIO_TEST_GROUND"])
if DATABASES["default"]["ENGINE"] == "config.sqlite":
    # A file, as in life: in memory there is no write-ahead log and every pragma is another one.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}

# Slow on purpose in life; here every account and every receipt would pay for it.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
RECEIPT_SCRYPT_COST = 2**4

# Static files straight from their folders, under their plain names.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# Signing in is one line in a test; those about the second factor ask for it.
DESK_REQUIRE_TOTP = False

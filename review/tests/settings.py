"""The console's settings in an environment of the tests' own; nothing of this machine's installation is touched."""

import os
import tempfile

for _name in [name for name in os.environ if name.startswith("STADSBOT_")]:
    del os.environ[_name]
_FOLDER = tempfile.TemporaryDirectory(prefix="review-tests-")
os.environ["STADSBOT_VAR_DIR"] = _FOLDER.name
os.environ["STADSBOT_SECRET"] = "a secret for tests only"
if _url := os.environ.get("REVIEW_TEST_DB_URL"):
    os.environ["STADSBOT_DB_URL"] = _url
# Playwright's own loop makes Django take a browser test for asynchronous code.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

from console.settings import *  # noqa: E402, F403

for _alias, _database in DATABASES.items():  # noqa: F405
    if "sqlite" in _database["ENGINE"]:  # files, since erasing reaches them from outside Django
        _database["TEST"] = {"NAME": str(CONFIG.var_dir / f"test-{_alias}.db")}  # noqa: F405
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher"
]  # many accounts are made; nothing real is hashed

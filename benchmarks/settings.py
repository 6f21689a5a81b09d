"""The archive's settings with one address more: an empty view, as the measure of the server."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.urls"

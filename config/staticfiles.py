"""Static files under names that change with their content, compressed, without source maps.

WhiteNoise's storage follows the source map that a script names in its last line and fails where the
map is left out. The maps of other people's bundles are several megabytes that no reader needs.
Named in `config.settings`; gathered by the command `serve`.
"""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's, looking for references in style sheets alone, and not for maps."""

    patterns = tuple(
        (files, tuple(each for each in found if "sourceMappingURL" not in str(each)))
        for files, found in CompressedManifestStaticFilesStorage.patterns
        if files == "*.css"
    )

"""Photographs, from strangers' bytes to publishable pixels. `media.photos` is the only door."""

"""System checks of the archive; each has an id and a hint."""

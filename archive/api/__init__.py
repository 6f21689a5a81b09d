"""The archive for programs: the same answers as the pages, in JSON. Reads published stories only."""

"""The three faces of the archive in HTML. Thin: they read a request, call a stage or a query, render."""

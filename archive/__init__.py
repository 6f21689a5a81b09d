"""The work itself: submissions come in, are cleared, are published as stories, and can be taken back."""

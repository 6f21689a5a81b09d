"""The archive for programs: the same answers as the pages, in JSON, and one way in.

What reads (`views`, `serializers`) knows published stories only and stands before the wall; the way
in (`submissions`, `telling`) stands behind it.
"""

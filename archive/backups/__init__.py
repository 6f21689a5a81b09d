"""Backups: taken, verified, kept for a time, brought back, and proven by bringing them back.

    sets       what one backup is on the disk: its manifest, its verification, its age
    holdings   which folders belong to an archive, and which rows name the files in them
    envelopes  files sealed to a public key, by age, and where its keys stand
    databases  a database copied out while it is written to, and in again: SQLite and PostgreSQL
    taking     the command `backup`
    restoring  the command `restore`, and the drill
    replaying  inside a restored archive: what was taken away since is taken away again
    asking     inside a restored archive: do its pages and its search answer
    facts      when the last backup was made and the last restore was proven, for the morning page

Nobody calls these but three commands, and the desk, which reads `facts`.
"""

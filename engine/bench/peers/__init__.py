"""Other people's libraries measured beside ours: every side is a child process that is asked the same things.

The sides, this project's own included, are started alike, held to one processor core and one thread, and asked in turn,
so that none gains from a warm cache, another thread or a quiet minute. What a child imports of this package
(`child`, `network` and its own module) needs the standard library, NumPy and that side's library only.
"""

"""Files that ship with the program: style, fonts, icons, starter generations.

LICENSES.md says where each comes from.
"""

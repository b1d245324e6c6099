"""A second, tiny program for another box: pages by itself when the pager falls silent.

No database, and few imports: it is to fit beside anything.
"""

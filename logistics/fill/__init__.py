"""A believable consortium of any size, written by the database itself: to work on, to measure, to try pages with."""

"""`make bench`: how fast the site is, against the least that the same answer costs. See docs/bench.md."""

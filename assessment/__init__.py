"""What becomes of figures (KP-8): a month is closed and frozen, published, accepted or appealed, restated, improved.

Nothing published changes silently. How it works stands in docs/assessment.md.
"""

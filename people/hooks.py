"""What the rooms above plug in. Registered at start-up."""

from __future__ import annotations

from django.urls import reverse

absence_page: list[str] = []  # name of the page on which somebody is marked absent and their work goes over


def absence_url(member_id: int) -> str:
    """The page for one membership; empty where no room above has plugged one in."""
    return reverse(absence_page[0], args=[member_id]) if absence_page else ""

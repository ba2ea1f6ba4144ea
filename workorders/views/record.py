"""One order: facts, timeline, moves, papers."""

from django.urls import URLPattern

urls: list[URLPattern] = []

"""Ask: report, follow, sign and rate; for wards, and for patients through a door."""

from django.urls import URLPattern

urls: list[URLPattern] = []

"""Do: the worker's phone."""

from django.urls import URLPattern

urls: list[URLPattern] = []

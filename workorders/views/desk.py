"""Steer: the desk's queue, board and catalogue."""

from django.urls import URLPattern

urls: list[URLPattern] = []

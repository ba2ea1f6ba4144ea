"""Steer: what work costs, and what an hour of it is reckoned with."""

from __future__ import annotations

from django.urls import include, path

from workorders.crud import RATE

urls = [path("labour-rates/", include(RATE.urls))]

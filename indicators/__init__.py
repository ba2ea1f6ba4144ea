"""Indicators of which hospitals report the figures themselves: yearly returns, their ratios, hospitals side by side.

What the platform can count from its own records is declared in `kpis.py` of each room (`kpi`); this room takes in the rest.
"""

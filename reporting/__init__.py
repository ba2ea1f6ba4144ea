"""What is made of figures for people: somebody's own month, teams and contractors, league tables, wall screens, monthly reports.

It declares no figure and counts no record: it reads what `kpi`, `indicators` and the rooms know.
"""

"""Scheduled inspections: what must be checked, how often, by whom, and what was found.

Preventive maintenance, ward rounds, cleaning rounds, patrols, fire and kitchen checks and audits of contractors stand on it. It
knows work orders and hazards, and no department: departments declare checklists in their `department.py`.
"""

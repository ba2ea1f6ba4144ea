"""The one register of hazards (隐患) of all departments: found, rectified by a date, verified by another.

It knows work orders, and neither the rounds that find hazards nor the departments that answer for them.
"""

"""Gates that do not hold yet, each with its reason: a scenario's id, or "size id who what", → why.

What is listed and holds in all its lines is told, so that it is taken out.
"""

KNOWN: dict[str, str] = {}

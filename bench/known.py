"""Gates that do not hold yet, each with its reason: a scenario's id, or "size id who what", → why.

What is listed and holds in all its lines is told, so that it is taken out.
"""

KNOWN = {
    "L D1 technician page": "4.02 times the floor among two million orders; 3.9 and less at the smaller sizes.",
}

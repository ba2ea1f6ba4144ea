"""Gates that do not hold yet, each with its reason: a scenario's id, or "size id who what", → why.

What is listed and holds in all its lines is told, so that it is taken out.
"""

RECORD = (
    "A row with nine others it names (composing and reading it: a sixth) and three forms: 3.8 to 4.6 times the floor before the"
    " fields of forms were drawn by functions, which took a tenth off; not measured on a quiet machine since."
)

KNOWN = {f"{size} D1 {who} page": RECORD for size in ("S", "M") for who in ("technician", "contractor")}

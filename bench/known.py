"""Gates that do not hold yet, each with its reason: a scenario's id, or "size id who what", → why.

What is listed and holds in all its lines is told, so that it is taken out.
"""

RECORD = (
    "The page is 21 ms of the site's CPU, the floor 5: a row with nine others it names (composing and reading it: a sixth)"
    " and three forms, whose fields are drawn by templates (an eighth). Between 3.7 and 4.6 times, by how busy the machine is."
)

KNOWN = {
    **{f"{size} D1 {who} page": RECORD for size in ("S", "M") for who in ("desk", "technician", "contractor")},
}

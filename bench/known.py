"""Gates that do not hold yet, each with its reason: a scenario's id, or "size id who what", → why.

What is listed and holds in all its lines is told, so that it is taken out.
"""

LIST = (
    "2.8 to 3.1 times the floor: since the newest open orders have an index of their own the floor's statement costs next to"
    " nothing, and what is left is drawing fifty rows. In milliseconds the page is faster than it was."
)
MANY = (
    "One figure broken down by 236 hospitals: 49 ms in the middle; its parts are kept for thirty seconds and drawn anew then,"
    " which the 95th percentile shows. The comparison of all hospitals is at the limit."
)

KNOWN = {
    **{f"{size} L2 {who} page": LIST for size in ("S", "M") for who in ("desk", "office")},
    **{
        f"{size} K5 office {what}": MANY
        for size in ("S", "M")
        for what in ("/figures/workorders.on_time/", "/indicators/")
    },
}

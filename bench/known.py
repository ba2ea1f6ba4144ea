"""Gates that do not hold yet, each with its reason: a scenario's id, or "size id who what", → why.

What is listed and holds in all its lines is told, so that it is taken out.
"""

KNOWN = {
    "L2": (
        "A list's page draws the form of thirty filters, the menu and the frame around the table; the floor the table alone."
        " Half of its CPU is the filters: those behind the button are to be drawn when it is opened."
    ),
    "D1": (
        "The record joins eleven tables and looks for linked orders by the same join: planning both costs more than reading."
        " It draws three forms besides. The second is to read numbers and titles only."
    ),
    "K1": (
        "Today's share of all figures is counted live by one statement of 27 kB. Composing it anew for each page is a third of"
        " the page's CPU, planning it as much of PostgreSQL's: it is to be composed once a day for each standpoint."
    ),
}

"""Gates that do not hold yet, each with its reason: "size id who what" → why. What is listed and holds is told."""

KNOWN: dict[str, str] = {}

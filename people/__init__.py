"""Who is on duty: skills, weekly rosters, on-call, the duty officer, absences. Below the engine, which asks it."""

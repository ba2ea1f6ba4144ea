"""WHAT WE OWN: one register of plant, building equipment and medical devices, used by every department."""

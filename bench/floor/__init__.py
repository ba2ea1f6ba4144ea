"""The floor: the same answers by bare Django views over the same database, without permissions."""

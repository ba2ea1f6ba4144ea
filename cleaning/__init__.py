"""CLEANING: cleaning, disinfection, waste and linen services."""

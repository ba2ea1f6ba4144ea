"""HOW WELL: figures of anything, by day and dimension, with numerator and denominator. Knows no department."""

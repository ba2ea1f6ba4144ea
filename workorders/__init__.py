"""THE WORK: one service desk and one work-order engine for every department. Knows no department."""

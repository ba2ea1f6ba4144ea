"""What a figure is, as an app declares it."""

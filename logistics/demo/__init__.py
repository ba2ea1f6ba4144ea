"""The demonstration: a consortium of three that reads like real hospitals, lived through the domain functions."""

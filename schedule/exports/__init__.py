"""Engine: plain Python, no Django."""

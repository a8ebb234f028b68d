"""Helping to write a review, without Django: a form for offline use, hints, and names that give somebody away."""

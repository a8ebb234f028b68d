"""Engines of matching people and papers: plain Python, no Django, no clock, no database."""

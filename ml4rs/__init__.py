"""ML4RS: the conference system for research workshops. This package root holds only wiring."""

from ml4rs.celery import app as celery_app

__all__ = ["celery_app"]

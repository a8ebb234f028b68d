"""ML4RS: the conference system for research workshops. This package root holds only wiring."""

from ml4rs.celery import app as celery_app

__all__ = ["__version__", "celery_app"]

__version__ = "1.0.0"

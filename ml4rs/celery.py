"""The Celery application; brokers and schedule come from settings."""

import os

from celery import Celery

from ml4rs import broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ml4rs.settings")

broker.register()
app = Celery("ml4rs")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

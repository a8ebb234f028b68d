"""Reminders of reviewers go to those who have begun nothing and those with a draft, each by rules of their own."""

from django.db import migrations


def split(apps, schema_editor):
    """Both keep the rules that there were for all of them."""
    rules = apps.get_model("notifications", "ReminderRule").objects
    for rule in rules.filter(audience="reviews.unfinished"):
        values = {"edition": rule.edition, "kind": rule.kind, "before": rule.before}
        rules.get_or_create(**values, audience="reviews.drafts", defaults={"is_active": rule.is_active})
        rules.get_or_create(**values, audience="reviews.not_started", defaults={"is_active": rule.is_active})
        rule.delete()


def join(apps, schema_editor):
    rules = apps.get_model("notifications", "ReminderRule").objects
    rules.filter(audience="reviews.drafts").update(audience="reviews.unfinished")
    rules.filter(audience__in=["reviews.not_started", "reviews.overdue", "reviews.too_few"]).delete()


class Migration(migrations.Migration):
    dependencies = [("notifications", "0004_preferences_and_calendar")]

    operations = [migrations.RunPython(split, join)]

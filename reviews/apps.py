"""Configuration of the reviews app: what it tells the floors below."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"
    verbose_name = "Reviews"

    def ready(self) -> None:
        from reviews import sight
        from submissions.sight import committee

        committee.in_conflict = sight.in_conflict
        committee.is_assigned = sight.is_assigned
        committee.has_reviewed = sight.has_reviewed
        committee.may_bid = sight.may_bid

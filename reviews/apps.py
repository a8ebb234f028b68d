"""Configuration of the reviews app: what it tells the floors below."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"
    verbose_name = "Reviews"
    # Beyond the models the database must have this, or a paper could reach somebody in conflict with it
    # (0002_no_assignment_in_conflict).
    made_by_hand = {
        "postgresql": ["trigger reviews_no_assignment_in_conflict on reviews_assignment"],
        "sqlite": [
            f"trigger reviews_no_assignment_in_conflict_on_{event} on reviews_assignment"
            for event in ("insert", "update")
        ],
    }

    def ready(self) -> None:
        from ml4rs.audit.registry import submissions as records_of_papers
        from ml4rs.editions import registry
        from ml4rs.notifications.registry import audiences, circles, extensions, mail_events, mailing_lists
        from reviews import announcing, filing, hooks, mailing, reminding, sight  # noqa: F401  (they register themselves)
        from reviews.actions.awarding import copy_awards
        from reviews.actions.capacity import copy_capacities
        from reviews.actions.forms import copy_forms
        from reviews.actions.journal import copy_stream
        from reviews.proposing import working  # noqa: F401
        from submissions.registry import detail_sections, public_marks
        from submissions.sight import committee

        committee.in_conflict = sight.in_conflict
        committee.is_assigned = sight.is_assigned
        committee.has_reviewed = sight.has_reviewed
        committee.may_bid = sight.may_bid
        committee.is_orphan = sight.is_orphan
        records_of_papers.register(sight.papers_of_chair)
        registry.duties.register(announcing.duties)
        registry.figures.register(announcing.figures)
        registry.menu.register(announcing.menu)
        registry.cloners.register(copy_forms)
        registry.cloners.register(copy_awards)
        registry.cloners.register(copy_capacities)
        registry.home_sections.register(announcing.winners_section)
        public_marks.register(announcing.public_awards)
        registry.cloners.register(copy_stream)
        registry.file_sections.register(filing.section)
        registry.file_sections.register(filing.rooms)
        registry.file_sections.register(filing.journal)
        registry.committee_sources.register(announcing.public_committee)
        detail_sections.register(announcing.section)
        detail_sections.register(announcing.exclude_section)
        detail_sections.register(announcing.journal_section)
        for event in announcing.MAIL_EVENTS:
            mail_events.register(event)
        for audience in reminding.AUDIENCES:
            audiences.register(audience)
        for circle in reminding.CIRCLES:
            circles.register(circle)
        extensions.register(reminding.granted)
        mail_events.register(mailing.MESSAGE)
        mailing_lists.register(mailing.COMMITTEE)

"""What broken rules of the database are called, and how values are put into words."""

from django.forms import BooleanField, BoundField, ChoiceField

# Constraint name: the form field that it is about, and what to do.
CONSTRAINT_WORDS: dict[str, tuple[str, str]] = {
    "one_current_edition": ("is_current", "Another edition is the current one."),
    "edition_ends_after_start": ("ends_on", "The last day cannot be before the first, nor stand without it."),
    "current_edition_is_public": ("is_current", "Only an edition that is open to the public can be on the front page."),
    "track_slug_unique_in_edition": ("slug", "Another track has this address."),
    "track_review_settings_only_where_reviewed": (
        "reviews_per_paper",
        "A reviewed track needs a number of reviews per paper; one without review has none.",
    ),
    "track_page_limit_positive": ("page_limit", "The limit is at least one page; leave it empty for no limit."),
    "track_file_kind_unique": ("kind", "The track has this file already."),
    "question_key_unique_in_track": ("key", "The track asks another question of this name."),
    "milestone_unique_per_edition": ("kind", "The edition has this date already. Change that one, or choose a track."),
    "milestone_unique_per_track": ("kind", "This track has this date already. Change that one."),
    "milestone_grace_not_negative": ("grace_minutes", "The grace cannot be negative."),
    "topic_slug_unique_in_edition": ("slug", "Another topic has this address."),
    "sponsor_tier_slug_unique_in_edition": ("slug", "Another tier has this address."),
    "sponsor_tier_amount_has_currency": ("currency", "An amount needs its currency."),
    "sponsor_name_unique_in_tier": ("name", "The tier has a sponsor of this name already."),
    "sponsor_visible_dates_in_order": ("visible_until", "The last day cannot be before the first."),
    "person_unique_per_kind_in_edition": ("name", "This person has this part already."),
    "text_key_unique_in_edition": ("key", "There is a text for this place already. Change that one."),
}


def sentence_for(bound: BoundField) -> str:
    """A field's value as a reader would see it; the same for a stored value and for the same one typed."""
    value, field = bound.value(), bound.field
    if isinstance(field, BooleanField):
        return "yes" if value else "no"
    written = field.widget.format_value(value)
    if isinstance(field, ChoiceField):
        labels = {str(key): str(label) for key, label in field.choices}
        chosen = written if isinstance(written, list | tuple) else [written]
        written = ", ".join(labels.get(str(key), str(key)) for key in chosen)
    return str(written or "–").replace("\r\n", "\n")

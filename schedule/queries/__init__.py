"""The reading side of the programme: the draft for its editors, the newest release for everybody."""

from schedule.queries.draft import Draft, draft_of, draft_programme, unpublished_changes
from schedule.queries.published import Published, published

__all__ = ["Draft", "Published", "draft_of", "draft_programme", "published", "unpublished_changes"]

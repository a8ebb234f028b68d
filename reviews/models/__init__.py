"""Judging what was submitted: committee, conflicts, bids, assignments, reviews, discussion and decisions."""

from reviews.models.assigning import Assignment, AssignmentRun, Delegation
from reviews.models.awarding import Award, AwardCandidate, Ballot, Mark
from reviews.models.committee import Affinity, Bid, Conflict, Exclusion, Publication, Reviewer
from reviews.models.deciding import Capacity, Decision
from reviews.models.discussing import Discussion, Post
from reviews.models.journal import JournalCandidate, JournalStream
from reviews.models.responding import Response
from reviews.models.reviewing import Answer, Field, Form, Rating, Review, ReviewVersion, Snapshot
from reviews.models.summing import MetaReview
from reviews.models.tagging import BulkChange, SavedView, Tag, Tagging

__all__ = [
    "Affinity",
    "Answer",
    "Assignment",
    "AssignmentRun",
    "Award",
    "AwardCandidate",
    "Ballot",
    "Bid",
    "BulkChange",
    "Capacity",
    "Conflict",
    "Decision",
    "Delegation",
    "Discussion",
    "Exclusion",
    "Field",
    "Form",
    "JournalCandidate",
    "JournalStream",
    "Mark",
    "MetaReview",
    "Post",
    "Publication",
    "Rating",
    "Response",
    "Review",
    "ReviewVersion",
    "Reviewer",
    "SavedView",
    "Snapshot",
    "Tag",
    "Tagging",
]

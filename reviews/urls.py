"""Addresses of the reviews app."""

from django.urls import path

from reviews.views import (
    asking,
    assigning,
    committee,
    deciding,
    delegating,
    discussing,
    members,
    progress,
    responding,
    reviewing,
    tagging,
    writing,
)

app_name = "reviews"

_EDITION = "<slug:edition_slug>"
_DESK = f"{_EDITION}/reviewing"
_ORGANISE = f"{_EDITION}/organise"

urlpatterns = [
    path(f"{_EDITION}/invitation/<slug:reviewer_pid>/<slug:token>/", members.invitation, name="invitation"),
    path(f"{_EDITION}/service/<str:token>/", members.service, name="service"),
    path(f"{_EDITION}/submissions/<slug:pid>/response/", responding.respond, name="respond"),
    path(f"{_DESK}/", reviewing.my_desk, name="desk"),
    path(f"{_DESK}/about-me/", members.about_me, name="about_me"),
    path(f"{_DESK}/conflicts/", members.conflicts, name="conflicts"),
    path(f"{_DESK}/bids/", members.bids, name="bids"),
    path(f"{_DESK}/<slug:pid>/", reviewing.review, name="review"),
    path(f"{_DESK}/<slug:pid>/save/", reviewing.save, name="save"),
    path(f"{_DESK}/<slug:pid>/submit/", reviewing.submit, name="submit"),
    path(f"{_DESK}/<slug:pid>/discard-changes/", reviewing.discard_changes, name="discard_changes"),
    path(f"{_DESK}/<slug:pid>/decline/", reviewing.decline, name="decline"),
    path(f"{_DESK}/<slug:pid>/colleague/", delegating.delegate, name="delegate"),
    path(f"{_DESK}/<slug:pid>/offline/", writing.offline_file, name="offline"),
    path(f"{_DESK}/<slug:pid>/versions/", writing.own_versions, name="own_versions"),
    path(f"{_DESK}/<slug:pid>/discussion/", discussing.discussion, name="discussion"),
    path(f"{_DESK}/<slug:pid>/discussion/<slug:post_pid>/withdraw/", discussing.withdraw, name="withdraw_post"),
    path(f"{_ORGANISE}/committee/", committee.committee, name="committee"),
    path(f"{_ORGANISE}/committee/invite/", committee.invite, name="invite"),
    path(f"{_ORGANISE}/committee/remind/", committee.remind, name="remind"),
    path(f"{_ORGANISE}/committee/<slug:reviewer_pid>/more-time/", committee.more_time, name="more_time"),
    path(
        f"{_ORGANISE}/committee/<slug:reviewer_pid>/more-time/revoke/", committee.take_time_back, name="take_time_back"
    ),
    path(f"{_ORGANISE}/committee/<slug:reviewer_pid>/remove/", committee.remove, name="remove"),
    path(f"{_ORGANISE}/conflicts/", committee.conflicts, name="conflict_list"),
    path(f"{_ORGANISE}/conflicts/search/", committee.look_for_conflicts, name="find_conflicts"),
    path(f"{_ORGANISE}/conflicts/<slug:conflict_pid>/", committee.judge_conflict, name="judge_conflict"),
    path(f"{_ORGANISE}/assignments/", assigning.assignments, name="assignments"),
    path(f"{_ORGANISE}/assignments/propose/", assigning.propose, name="propose"),
    path(f"{_ORGANISE}/assignments/proposals/<slug:run_pid>/", assigning.run, name="run"),
    path(f"{_ORGANISE}/assignments/<slug:assignment_pid>/remove/", assigning.unassign, name="unassign"),
    path(f"{_ORGANISE}/reviews/", progress.progress, name="progress"),
    path(f"{_ORGANISE}/reviews/remind/", progress.chase, name="chase"),
    path(f"{_ORGANISE}/reviews/<slug:pid>/", progress.paper, name="paper"),
    path(
        f"{_ORGANISE}/reviews/<slug:pid>/colleague/<slug:delegation_pid>/",
        delegating.decide_delegation,
        name="decide_delegation",
    ),
    path(f"{_ORGANISE}/reviews/<slug:pid>/versions/<slug:review_pid>/", writing.versions, name="versions"),
    path(f"{_ORGANISE}/reviews/<slug:pid>/discussion/", discussing.chairs_discussion, name="chairs_discussion"),
    path(f"{_ORGANISE}/reviews/<slug:pid>/discussion/switch/", discussing.switch, name="switch_discussion"),
    path(
        f"{_ORGANISE}/reviews/<slug:pid>/discussion/<slug:post_pid>/withdraw/",
        discussing.chairs_withdraw,
        name="chairs_withdraw_post",
    ),
    path(f"{_ORGANISE}/reviews/<slug:pid>/assign/", assigning.assign, name="assign"),
    path(f"{_ORGANISE}/reviews/<slug:pid>/conflict/", committee.set_conflict, name="set_conflict"),
    path(f"{_ORGANISE}/responses/", responding.responses, name="responses"),
    path(f"{_ORGANISE}/review-forms/", asking.forms, name="forms"),
    path(f"{_ORGANISE}/review-forms/<slug:track_slug>/", asking.form, name="form"),
    path(f"{_ORGANISE}/review-forms/<slug:track_slug>/add/", asking.add_question, name="add_question"),
    path(f"{_ORGANISE}/review-forms/<slug:track_slug>/questions/<slug:key>/", asking.question, name="question"),
    path(f"{_ORGANISE}/statistics/", progress.statistics, name="statistics"),
    path(f"{_ORGANISE}/tags/", tagging.tags, name="tags"),
    path(f"{_ORGANISE}/tags/<slug:tag_pid>/", tagging.change_tag, name="change_tag"),
    path(f"{_ORGANISE}/changes/", tagging.changes, name="changes"),
    path(f"{_ORGANISE}/changes/<slug:change_pid>/undo/", tagging.undo_change, name="undo_change"),
    path(f"{_ORGANISE}/decisions/", deciding.decisions, name="decisions"),
    path(f"{_ORGANISE}/decisions/room/", deciding.capacity, name="capacity"),
    path(f"{_ORGANISE}/decisions/set/", deciding.decide, name="decide"),
    path(f"{_ORGANISE}/decisions/release/", deciding.release, name="release"),
    path(f"{_ORGANISE}/decisions/<slug:pid>/", deciding.decision, name="decision"),
    path(f"{_ORGANISE}/decisions/<slug:pid>/preview/", deciding.preview, name="preview"),
]

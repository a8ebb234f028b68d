"""Addresses of the submissions app."""

from django.urls import path

from submissions.views import (
    author,
    authors,
    disputes,
    extending,
    files,
    final,
    named,
    organise,
    public,
    selected,
    states,
    versions,
)

app_name = "submissions"

urlpatterns = [
    path("<slug:edition_slug>/submit/", author.start, name="start"),
    path("<slug:edition_slug>/submit/<slug:track_slug>/", author.create, name="create"),
    path("<slug:edition_slug>/submissions/<slug:pid>/", author.detail, name="detail"),
    path("<slug:edition_slug>/submissions/<slug:pid>/edit/", author.edit, name="edit"),
    path("<slug:edition_slug>/submissions/<slug:pid>/preview/", author.preview, name="preview"),
    path("<slug:edition_slug>/submissions/<slug:pid>/submit/", author.submit, name="submit"),
    path("<slug:edition_slug>/submissions/<slug:pid>/final/", final.final, name="final"),
    path("<slug:edition_slug>/submissions/<slug:pid>/final/met/", final.accept_conditions, name="accept_conditions"),
    path("<slug:edition_slug>/submissions/<slug:pid>/extend/", extending.extend, name="extend"),
    path("<slug:edition_slug>/submissions/<slug:pid>/extend/<slug:kind>/revoke/", extending.revoke, name="revoke"),
    path("<slug:edition_slug>/submissions/<slug:pid>/withdraw/", states.withdraw, name="withdraw"),
    path("<slug:edition_slug>/submissions/<slug:pid>/revive/", states.revive, name="revive"),
    path("<slug:edition_slug>/submissions/<slug:pid>/delete/", states.discard, name="discard"),
    path("<slug:edition_slug>/submissions/<slug:pid>/authors/", authors.authors, name="authors"),
    path("<slug:edition_slug>/submissions/<slug:pid>/authors/paste/", authors.paste, name="paste"),
    path("<slug:edition_slug>/submissions/<slug:pid>/authors/order/", authors.order, name="order"),
    path("<slug:edition_slug>/submissions/<slug:pid>/authors/<slug:author_pid>/", authors.author, name="author"),
    path("<slug:edition_slug>/submissions/<slug:pid>/authors/<slug:author_pid>/move/", authors.move, name="move"),
    path("<slug:edition_slug>/submissions/<slug:pid>/authors/<slug:author_pid>/remove/", authors.remove, name="remove"),
    path("<slug:edition_slug>/submissions/<slug:pid>/files/<slug:kind>/", files.upload, name="upload"),
    path("<slug:edition_slug>/submissions/<slug:pid>/files/<slug:kind>/check/", author.check_state, name="check_state"),
    path("<slug:edition_slug>/submissions/<slug:pid>/files/<slug:kind>/<slug:file_pid>/", files.file, name="file"),
    path(
        "<slug:edition_slug>/submissions/<slug:pid>/files/<slug:kind>/<slug:file_pid>/changes/",
        versions.changes,
        name="changes",
    ),
    path(
        "<slug:edition_slug>/submissions/<slug:pid>/files/<slug:kind>/<slug:file_pid>/pages/<int:number>/",
        versions.page,
        name="page",
    ),
    path(
        "<slug:edition_slug>/submissions/<slug:pid>/files/<slug:kind>/<slug:file_pid>/pages/<int:number>.png",
        versions.picture,
        name="picture",
    ),
    path("<slug:edition_slug>/named/<str:token>/", named.named, name="named"),
    path("<slug:edition_slug>/submissions/<slug:pid>/disputes/<slug:kind>/", disputes.dispute, name="dispute"),
    path(
        "<slug:edition_slug>/submissions/<slug:pid>/disputes/<slug:kind>/answer/",
        disputes.answer_dispute,
        name="answer_dispute",
    ),
    path("<slug:edition_slug>/submissions/<slug:pid>/desk-reject/", organise.desk_reject, name="desk_reject"),
    path("<slug:edition_slug>/submissions/<slug:pid>/reinstate/", organise.reinstate, name="reinstate"),
    path("<slug:edition_slug>/submissions/<slug:pid>/answer/", organise.answer, name="answer"),
    path("<slug:edition_slug>/organise/submissions/", organise.manage, name="manage"),
    path("<slug:edition_slug>/organise/submissions/selected/", selected.act, name="selected"),
    path("<slug:edition_slug>/organise/submissions/files.zip", selected.archive, name="archive"),
    path("<slug:edition_slug>/organise/submissions/duplicates/", selected.alike, name="duplicates"),
    path("<slug:edition_slug>/organise/submissions/publish/", organise.publish, name="publish"),
    path("<slug:edition_slug>/certificates/<str:token>/", public.certificate, name="certificate"),
    path("<slug:edition_slug>/papers/", public.papers, name="papers"),
    path("<slug:edition_slug>/papers/<slug:pid>/", public.paper, name="paper"),
    path("<slug:edition_slug>/papers/<slug:pid>/pdf", public.paper_pdf, name="paper_pdf"),
]

"""Addresses under which organisers edit their edition; `urls` takes them in."""

from django.urls import path

from ml4rs.editions.views import organise

BASE = "<slug:edition_slug>/organise/edition/"

urlpatterns = [
    path(BASE, organise.overview, name="editing"),
    path(f"{BASE}basics/", organise.basics, name="basics"),
    path(f"{BASE}next/", organise.next_edition, name="next"),
    path(f"{BASE}dates/<slug:pid>/undo/", organise.undo_move, name="undo-move"),
    path(f"{BASE}<slug:section>/", organise.rows, name="rows"),
    path(f"{BASE}<slug:section>/add/", organise.add_row, name="add-row"),
    path(f"{BASE}<slug:section>/<slug:pid>/", organise.change_row, name="change-row"),
    path(f"{BASE}<slug:section>/<slug:pid>/remove/", organise.remove_row, name="remove-row"),
    path(f"{BASE}<slug:section>/<slug:pid>/move/", organise.move_row, name="move-row"),
]

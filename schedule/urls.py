"""Addresses of the schedule app."""

from django.urls import path

from schedule.views import absences, demos, editor, grid, placing, public, screen, stars

app_name = "schedule"

_edit = "<slug:edition_slug>/organise/programme/"

urlpatterns = [
    path("<slug:edition_slug>/programme/", public.programme, name="programme"),
    path("<slug:edition_slug>/programme.json", public.programme_json, name="json"),
    path("<slug:edition_slug>/kiosk/", screen.kiosk, name="kiosk"),
    path("<slug:edition_slug>/worker.js", screen.worker, name="worker"),
    path("<slug:edition_slug>/schedule.xml", public.frab_xml, name="frab_xml"),
    path("<slug:edition_slug>/schedule.json", public.frab_json, name="frab_json"),
    path("<slug:edition_slug>/schedule.ics", public.ics, name="ics"),
    path("<slug:edition_slug>/stars/", stars.stars, name="stars"),
    path("<slug:edition_slug>/stars/renew/", stars.renew, name="renew_stars"),
    path("<slug:edition_slug>/stars/<str:secret>.ics", stars.star_calendar, name="star_calendar"),
    path("<slug:edition_slug>/sessions/<slug:pid>/boards/", public.board_map, name="board_map"),
    path("<slug:edition_slug>/sessions/<slug:pid>.ics", public.session_ics, name="session_ics"),
    path("<slug:edition_slug>/my/absences/", absences.absences, name="absences"),
    path("<slug:edition_slug>/my/absences/<slug:absence_pid>/withdraw/", absences.withdraw, name="withdraw_absence"),
    path(f"{_edit}", editor.editor, name="editor"),
    path(f"{_edit}grid/", grid.grid, name="grid"),
    path(f"{_edit}lists/", grid.lists, name="lists"),
    path(f"{_edit}demos/", demos.demo_list, name="demos"),
    path(f"{_edit}undo/", grid.undo, name="undo"),
    path(f"{_edit}items/move/", grid.move_item, name="move_item"),
    path(f"{_edit}place/", editor.place, name="place"),
    path(f"{_edit}places/", placing.ask, name="ask_for_places"),
    path(f"{_edit}places/<slug:placing_pid>/", placing.run, name="placing_run"),
    path(f"{_edit}publish/", editor.publish, name="publish"),
    path(f"{_edit}rooms/", editor.rooms, name="rooms"),
    path(f"{_edit}rooms/<slug:slug>/", editor.room, name="room"),
    path(f"{_edit}sessions/add/", editor.add_session, name="add_session"),
    path(f"{_edit}sessions/<slug:pid>/", editor.session, name="session"),
    path(f"{_edit}sessions/<slug:pid>/at/", grid.move_session, name="move_session"),
    path(f"{_edit}sessions/<slug:pid>/boards/", editor.boards, name="boards"),
    path(f"{_edit}sessions/<slug:pid>/order/", editor.order_slots, name="order_slots"),
    path(f"{_edit}sessions/<slug:pid>/labels/", editor.labels, name="labels"),
    path(f"{_edit}sessions/<slug:pid>/labels.pdf", editor.labels_sheet, name="labels_sheet"),
    path(f"{_edit}sessions/<slug:pid>/items/add/", editor.add_slot, name="add_slot"),
    path(f"{_edit}sessions/<slug:pid>/remove/", editor.remove_session, name="remove_session"),
    path(f"{_edit}items/<slug:pid>/", editor.slot, name="slot"),
    path(f"{_edit}items/<slug:pid>/links/", editor.add_resource, name="add_resource"),
    path(f"{_edit}links/<slug:resource_pid>/remove/", editor.remove_resource, name="remove_resource"),
    path(f"{_edit}items/<slug:pid>/move/", editor.move_slot, name="move_slot"),
    path(f"{_edit}items/<slug:pid>/remove/", editor.remove_slot, name="remove_slot"),
]

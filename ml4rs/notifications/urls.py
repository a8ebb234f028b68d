"""Addresses of the notifications app."""

from django.urls import path

from ml4rs.notifications.views import (
    batches,
    bounces,
    mailbox,
    outbox,
    preferences,
    reminders,
    timeline,
    wording,
    writing,
)

app_name = "notifications"

_MAIL = "<slug:edition_slug>/organise/mail/"
_TIMELINE = "<slug:edition_slug>/organise/timeline/"
_REMINDERS = "<slug:edition_slug>/organise/reminders/"

urlpatterns = [
    path("accounts/mail/", preferences.own, name="own"),
    path("accounts/mail/calendar/", preferences.renew_calendar, name="renew_calendar"),
    path("accounts/mail/calendar/end/", preferences.end_calendar, name="end_calendar"),
    path("accounts/mail/<str:user_pid>/<str:token>/deadlines.ics", preferences.calendar, name="calendar"),
    path("accounts/mail/out/<str:token>/", preferences.link, name="way_out"),
    path("mail/bounces/", bounces.bounce, name="bounce"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<str:message_pid>/", mailbox.mail, name="mailbox_mail"),
    path("mailbox/<str:message_pid>/html/", mailbox.mail_html, name="mailbox_html"),
    path(_MAIL, outbox.outbox, name="outbox"),
    path(f"{_MAIL}selected/", outbox.selected, name="selected"),
    path(f"{_MAIL}write/", writing.lists, name="lists"),
    path(f"{_MAIL}write/<str:list_name>/", writing.write, name="write"),
    path(f"{_MAIL}batches/", batches.recent, name="batches"),
    path(f"{_MAIL}batches/<slug:batch_name>/", batches.batch, name="batch"),
    path(f"{_MAIL}batches/<slug:batch_name>/stop/", batches.stop, name="stop_batch"),
    path(f"{_MAIL}batches/<slug:batch_name>/release/", batches.go_on, name="release_batch"),
    path(f"{_MAIL}wording/", wording.events, name="wording"),
    path(f"{_MAIL}wording/<str:event_name>/", wording.event, name="event"),
    path(f"{_MAIL}wording/<str:event_name>/reset/", wording.reset, name="reset_wording"),
    path(f"{_MAIL}<str:message_pid>/", outbox.message, name="message"),
    path(f"{_MAIL}<str:message_pid>/html/", outbox.message_html, name="message_html"),
    path(f"{_MAIL}<str:message_pid>/reword/", outbox.reword, name="reword"),
    path(f"{_MAIL}<str:message_pid>/<str:verb>/", outbox.act, name="act"),
    path(_TIMELINE, timeline.dates, name="timeline"),
    path(f"{_TIMELINE}<slug:milestone_pid>/extend/", timeline.extend, name="extend"),
    path(f"{_TIMELINE}<slug:milestone_pid>/undo/", timeline.undo, name="undo_extension"),
    path(_REMINDERS, reminders.rules, name="reminders"),
    path(f"{_REMINDERS}<str:audience_name>/add/", reminders.add, name="add_rule"),
    path(f"{_REMINDERS}<str:audience_name>/switch/", reminders.switch, name="switch_rule"),
    path(f"{_REMINDERS}<str:audience_name>/preview/", reminders.preview, name="preview"),
]

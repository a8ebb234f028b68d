"""Addresses of the notifications app."""

from django.urls import path

from ml4rs.notifications.views import mailbox, outbox, reminders, wording

app_name = "notifications"

_MAIL = "<slug:edition_slug>/organise/mail/"
_REMINDERS = "<slug:edition_slug>/organise/reminders/"

urlpatterns = [
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<str:message_pid>/", mailbox.mail, name="mailbox_mail"),
    path("mailbox/<str:message_pid>/html/", mailbox.mail_html, name="mailbox_html"),
    path(_MAIL, outbox.outbox, name="outbox"),
    path(f"{_MAIL}selected/", outbox.selected, name="selected"),
    path(f"{_MAIL}wording/", wording.events, name="wording"),
    path(f"{_MAIL}wording/<str:event_name>/", wording.event, name="event"),
    path(f"{_MAIL}wording/<str:event_name>/reset/", wording.reset, name="reset_wording"),
    path(f"{_MAIL}<str:message_pid>/", outbox.message, name="message"),
    path(f"{_MAIL}<str:message_pid>/html/", outbox.message_html, name="message_html"),
    path(f"{_MAIL}<str:message_pid>/reword/", outbox.reword, name="reword"),
    path(f"{_MAIL}<str:message_pid>/<str:verb>/", outbox.act, name="act"),
    path(_REMINDERS, reminders.rules, name="reminders"),
    path(f"{_REMINDERS}<str:audience_name>/add/", reminders.add, name="add_rule"),
    path(f"{_REMINDERS}<str:audience_name>/switch/", reminders.switch, name="switch_rule"),
    path(f"{_REMINDERS}<str:audience_name>/preview/", reminders.preview, name="preview"),
]

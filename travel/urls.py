"""Addresses of the travel app."""

from django.urls import path

from travel.views import applicant, assessing, officer, receipts

app_name = "travel"

urlpatterns = [
    path("<slug:edition_slug>/travel/", applicant.about, name="about"),
    path("<slug:edition_slug>/travel/application/", applicant.application, name="application"),
    path("<slug:edition_slug>/travel/application/submit/", applicant.submit, name="submit"),
    path("<slug:edition_slug>/travel/application/withdraw/", applicant.withdraw, name="withdraw"),
    path("<slug:edition_slug>/travel/application/reopen/", applicant.reopen, name="reopen"),
    path("<slug:edition_slug>/travel/application/answer/", applicant.answer, name="answer"),
    path("<slug:edition_slug>/travel/letter.pdf", applicant.letter, name="letter"),
    path("<slug:edition_slug>/travel/receipts/", receipts.receipts, name="receipts"),
    path("<slug:edition_slug>/travel/receipts/<slug:pid>/", receipts.own_file, name="own_receipt"),
    path("<slug:edition_slug>/travel/receipts/<slug:pid>/withdraw/", receipts.withdraw, name="withdraw_receipt"),
    path("<slug:edition_slug>/travel/airports/", applicant.airports, name="airports"),
    path("<slug:edition_slug>/grants/", officer.table, name="officer"),
    path("<slug:edition_slug>/grants/money/", officer.money, name="money"),
    path("<slug:edition_slug>/grants/money/<slug:pid>/", officer.pool, name="pool"),
    path("<slug:edition_slug>/grants/payments/", receipts.payments, name="payments"),
    path("<slug:edition_slug>/grants/settings/", officer.settings, name="settings"),
    path("<slug:edition_slug>/grants/ranking/", assessing.ranking, name="ranking"),
    path("<slug:edition_slug>/grants/<slug:pid>/", officer.case, name="case"),
    path("<slug:edition_slug>/grants/<slug:pid>/assess/", assessing.assess, name="assess"),
    path("<slug:edition_slug>/grants/<slug:pid>/offer/", officer.offer, name="offer"),
    path("<slug:edition_slug>/grants/<slug:pid>/decline/", officer.decline, name="decline"),
    path("<slug:edition_slug>/grants/<slug:pid>/reconsider/", officer.reconsider, name="reconsider"),
    path("<slug:edition_slug>/grants/<slug:pid>/revoke/", officer.revoke, name="revoke"),
    path("<slug:edition_slug>/grants/<slug:pid>/pay/", receipts.pay, name="pay"),
    path("<slug:edition_slug>/grants/<slug:pid>/receipts/<slug:receipt_pid>/", receipts.file, name="receipt"),
    path("<slug:edition_slug>/grants/<slug:pid>/receipts/<slug:receipt_pid>/judge/", receipts.judge, name="judge"),
]

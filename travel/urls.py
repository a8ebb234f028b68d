"""Addresses of the travel app."""

from django.urls import path

from travel.views import applicant, assessing, officer, planning, proving, receipts

app_name = "travel"

urlpatterns = [
    path("<slug:edition_slug>/travel/", applicant.about, name="about"),
    path("<slug:edition_slug>/travel/application/", applicant.application, name="application"),
    path("<slug:edition_slug>/travel/application/submit/", applicant.submit, name="submit"),
    path("<slug:edition_slug>/travel/application/withdraw/", applicant.withdraw, name="withdraw"),
    path("<slug:edition_slug>/travel/application/reopen/", applicant.reopen, name="reopen"),
    path("<slug:edition_slug>/travel/application/answer/", applicant.answer, name="answer"),
    path("<slug:edition_slug>/travel/application/proof/", proving.proof, name="proof"),
    path("<slug:edition_slug>/travel/application/proof/advisor/", proving.ask, name="ask_advisor"),
    path("<slug:edition_slug>/travel/application/proof/file/", proving.own_file, name="own_proof"),
    path("<slug:edition_slug>/travel/confirm/<slug:pid>/<slug:token>/", proving.confirm, name="confirm"),
    path("<slug:edition_slug>/travel/letters/<slug:kind>.pdf", applicant.letter, name="letter"),
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
    path("<slug:edition_slug>/grants/plan/", planning.plan, name="plan"),
    path("<slug:edition_slug>/grants/plan/fill/", planning.fill, name="fill_plan"),
    path("<slug:edition_slug>/grants/plan/preview/", planning.preview, name="preview_plan"),
    path("<slug:edition_slug>/grants/plan/release/", planning.release, name="release"),
    path("<slug:edition_slug>/grants/plan/waiting/", planning.offer_waiting, name="offer_waiting"),
    path("<slug:edition_slug>/grants/plan/close/", planning.close, name="close_waiting"),
    path("<slug:edition_slug>/grants/<slug:pid>/", officer.case, name="case"),
    path("<slug:edition_slug>/grants/<slug:pid>/assess/", assessing.assess, name="assess"),
    path("<slug:edition_slug>/grants/<slug:pid>/plan/", planning.plan_one, name="plan_one"),
    path("<slug:edition_slug>/grants/<slug:pid>/proof/", proving.file, name="proof_file"),
    path("<slug:edition_slug>/grants/<slug:pid>/conflict/", assessing.declare, name="declare_conflict"),
    path("<slug:edition_slug>/grants/<slug:pid>/conflict/lift/", assessing.lift, name="lift_conflict"),
    path("<slug:edition_slug>/grants/<slug:pid>/offer/", officer.offer, name="offer"),
    path("<slug:edition_slug>/grants/<slug:pid>/decline/", officer.decline, name="decline"),
    path("<slug:edition_slug>/grants/<slug:pid>/reconsider/", officer.reconsider, name="reconsider"),
    path("<slug:edition_slug>/grants/<slug:pid>/revoke/", officer.revoke, name="revoke"),
    path("<slug:edition_slug>/grants/<slug:pid>/pay/", receipts.pay, name="pay"),
    path("<slug:edition_slug>/grants/<slug:pid>/receipts/<slug:receipt_pid>/", receipts.file, name="receipt"),
    path("<slug:edition_slug>/grants/<slug:pid>/receipts/<slug:receipt_pid>/judge/", receipts.judge, name="judge"),
]

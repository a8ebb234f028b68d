"""Entries for what happens on the floors below, which may not import this app."""

from allauth.account.signals import email_added, email_changed, email_removed, password_changed, password_reset
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset

from ml4rs.audit.actions import record
from ml4rs.editions.signals import acted
from ml4rs.editions.viewer import Viewer


def keep_edition_action(sender, *, by, verb, subject, edition, details, submission_id=None, **kwargs) -> None:
    record(verb, by=by, subject=subject, edition=edition, details=details, submission_id=submission_id)


def _account_event(verb: str):
    def keep(sender, *, user, **kwargs) -> None:
        record(verb, by=Viewer.of(user, None), subject=user)

    return keep


ACCOUNT_EVENTS = {
    password_changed: "account.password_changed",
    password_reset: "account.password_reset",
    email_added: "account.address_added",
    email_changed: "account.address_changed",
    email_removed: "account.address_removed",
    authenticator_added: "account.second_factor_added",
    authenticator_removed: "account.second_factor_removed",
    authenticator_reset: "account.second_factor_reset",
}


def connect() -> None:
    acted.connect(keep_edition_action, dispatch_uid="audit")
    for signal, verb in ACCOUNT_EVENTS.items():
        signal.connect(_account_event(verb), dispatch_uid=f"audit.{verb}", weak=False)

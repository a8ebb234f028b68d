"""What happened on the lower floors, for those above who keep records of it."""

from django.dispatch import Signal

# Sent inside the transaction of an edition's action, with by (Viewer or None), verb, subject (a model instance),
# edition, details (dict) and, where only those may learn of it who see a paper, its submission_id. The audit app
# listens; editions may not import it.
acted = Signal()

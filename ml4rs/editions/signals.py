"""What happened on the lower floors, for those above who keep records of it."""

from django.dispatch import Signal

# Sent inside the transaction of an edition's action, with by (Viewer or None), verb, subject (a model
# instance), edition and details (dict). The audit app listens; editions may not import it.
acted = Signal()

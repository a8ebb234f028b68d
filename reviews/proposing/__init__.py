"""From the edition's data to a proposal of who reviews what: the only place that knows the engines."""

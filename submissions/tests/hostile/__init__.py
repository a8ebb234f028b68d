"""A hundred and sixty files that mean ill or are broken, each made on the spot, with what may be said of it."""

from submissions.tests.hostile import active, bombs, broken, crowds
from submissions.tests.hostile.cases import CASES, FINE, Case

__all__ = ["CASES", "FINE", "Case", "active", "bombs", "broken", "crowds"]

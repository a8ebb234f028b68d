"""An edition as one declarative file: read and checked, loaded, written back, compared."""

from ml4rs.editions.filing.checking import Checked, read
from ml4rs.editions.filing.differences import Difference, counted, differences
from ml4rs.editions.filing.dumping import dump
from ml4rs.editions.filing.loading import Loaded, load
from ml4rs.editions.filing.reading import InvalidFileError, Problem
from ml4rs.editions.filing.removing import CannotLoadError
from ml4rs.editions.filing.writing import write_yaml

__all__ = [
    "CannotLoadError",
    "Checked",
    "Difference",
    "InvalidFileError",
    "Loaded",
    "Problem",
    "counted",
    "differences",
    "dump",
    "load",
    "read",
    "write_yaml",
]

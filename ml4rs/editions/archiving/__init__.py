"""An edition's public pages as static files that work from any web server and from a folder. Without Django."""

from ml4rs.editions.archiving.checking import dead_links
from ml4rs.editions.archiving.site import Answer, ArchiveError, archive

__all__ = ["Answer", "ArchiveError", "archive", "dead_links"]

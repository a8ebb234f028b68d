"""What a file is held to: the rules of a track, and the authors whose names must not appear."""

from dataclasses import asdict, dataclass

FREE, COUNTED, FORBIDDEN = "free", "counted", "forbidden"
DOUBLE, SINGLE, NONE = "double", "single", "none"


@dataclass(frozen=True)
class Author:
    name: str
    email: str = ""
    affiliation: str = ""

    @classmethod
    def parse(cls, text: str) -> "Author":
        """From `Name <mail>; Affiliation`, of which only the name is needed."""
        person, _, affiliation = text.partition(";")
        name, _, rest = person.partition("<")
        return cls(name.strip(), rest.rstrip("> ").strip().lower(), affiliation.strip())


@dataclass(frozen=True)
class Rules:
    """The rules of one track, free of any database."""

    page_limit: int | None = None
    references: str = FREE
    appendix: str = FREE
    acknowledgements: str = FREE
    blind: str = DOUBLE
    authors: tuple[Author, ...] = ()
    landscape: bool = False  # a slide rather than a paper: any page shape is fine
    is_main_file: bool = True  # supplementary files have no length to keep to
    style: str = ""  # "iclr", or any
    prints_authors: bool = False  # the camera-ready version, whose names must be those of the list
    orientation: str = ""  # of a poster: "portrait", "landscape" or either way
    largest_mm: tuple[int | None, int | None] = (None, None)  # width and height that a board holds
    is_poster: bool = False
    severities: tuple[tuple[str, str], ...] = ()  # codes of findings and what they weigh here

    @property
    def every_page_counts(self) -> bool:
        return self.landscape or (self.references == COUNTED and self.appendix != FREE)

    def as_dict(self) -> dict:
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict) -> "Rules":
        authors = tuple(Author(**author) for author in data["authors"])
        severities = tuple(map(tuple, data["severities"]))
        return cls(**{**data, "authors": authors, "severities": severities, "largest_mm": tuple(data["largest_mm"])})

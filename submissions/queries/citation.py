"""How an accepted paper is found and cited: tags for scholarly search engines, and schema.org data."""

from ml4rs.editions.models import Edition
from ml4rs.notifications.links import absolute
from submissions.models import Submission
from submissions.queries.papers import public_file


def citation_tags(edition: Edition, paper: Submission) -> list[tuple[str, str]]:
    """Name and content of the meta tags that Google Scholar asks for. No query beyond `paper_page`."""
    tags = [("citation_title", paper.title)]
    for author in paper.authorships.all():
        tags.append(("citation_author", author.name))
        if author.affiliation:
            tags.append(("citation_author_institution", author.affiliation))
    if edition.starts_on:
        tags.append(("citation_publication_date", f"{edition.starts_on:%Y/%m/%d}"))
    tags.append(("citation_conference_title", _venue(edition)))
    tags.append(("citation_language", "en"))
    if public_file(paper, "camera_ready"):
        tags.append(("citation_pdf_url", absolute("submissions:paper_pdf", edition.slug, paper.public_id)))
    return tags


def scholarly_article(edition: Edition, paper: Submission) -> dict:
    """The paper as schema.org knows it."""
    article = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "headline": paper.title,
        "abstract": paper.abstract,
        "url": absolute("submissions:paper", edition.slug, paper.public_id),
        "author": [_person(author) for author in paper.authorships.all()],
        "isPartOf": {"@type": "Event", "name": _venue(edition)},
        "keywords": [topic.name for topic in paper.topics.all()],
    }
    if edition.starts_on:
        article["datePublished"] = edition.starts_on.isoformat()
        article["isPartOf"]["startDate"] = edition.starts_on.isoformat()
    if public_file(paper, "camera_ready"):
        article["encoding"] = {
            "@type": "MediaObject",
            "encodingFormat": "application/pdf",
            "contentUrl": absolute("submissions:paper_pdf", edition.slug, paper.public_id),
        }
    return article


def _venue(edition: Edition) -> str:
    return f"{edition.name} Workshop at {edition.host}" if edition.host else f"{edition.name} Workshop"


def _person(author) -> dict:
    person: dict = {"@type": "Person", "name": author.name}
    if author.affiliation:
        person["affiliation"] = {"@type": "Organization", "name": author.affiliation}
    if author.orcid:
        person["sameAs"] = f"https://orcid.org/{author.orcid}"
    return person

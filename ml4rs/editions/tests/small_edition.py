"""A small edition as a file, and loading such text, for the tests of filing."""

from pathlib import Path

from ml4rs.editions.filing import load, read

SMALL = """\
edition:
  slug: toy
  name: Toy workshop
  short_name: TOY
  starts_on: 2030-05-04
  time_zone: Africa/Nairobi
tracks:
  - slug: papers
    name: Papers
    page_limit: 4
    reviews_per_paper: 3
    files:
      - {kind: manuscript, types: [pdf]}
    questions:
      - {key: data, label: Kind of data, kind: choice, choices: [Optical, Radar], required: true}
milestones:
  - {kind: submission, date: 2030-02-10, anywhere_on_earth: true}
  - {kind: review, at: 2030-03-01 12:00}
topics:
  - {slug: a, name: Topic A}
  - {slug: b, name: Topic B}
people:
  keynote:
    - {name: Wangari Example, affiliation: Institute}
sponsor_tiers:
  - slug: gold
    name: Gold
    amount: 3000 EUR
    sponsors: [{name: Sensors Ltd}]
  - {slug: silver, name: Silver, amount: 1000.50 EUR}
texts:
  about: {body: Hello}
"""


def load_text(text: str, folder: Path = Path(), **options):
    return load(read(text, folder), **options)

"""Closeness of texts: the sentence model, its memory, the blend, and the command from a folder to a file."""

import csv
import json
from io import StringIO

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from reviews.matching import sentences
from reviews.matching.affinity import Affinities, Profile
from reviews.matching.memory import Memory
from reviews.matching.sentences import ModelError, SentenceModel

THEMES = {
    "clouds": ("removing clouds from optical images", "filling gaps that clouds leave in time series"),
    "crops": ("mapping crop types in fields", "estimating the yield of wheat"),
    "floods": ("mapping floods with radar", "water extent after heavy rain"),
    "forests": ("biomass of forests from lidar", "tree species in aerial pictures"),
}


@pytest.fixture(scope="module")
def model():
    return SentenceModel()


class Counting:
    """A made-up model that counts what it is asked, and knows nothing but the length of texts."""

    size, digest = 2, "made up"

    def __init__(self):
        self.asked = []

    def embed(self, texts, progress=None):
        self.asked += texts
        return np.array([[1, len(text)] for text in texts], np.float32)


# --- The model ----------------------------------------------------------------------------------------------


def test_it_gives_the_numbers_that_are_published_for_it(model):
    one, near, far = model.embed(
        ["A man is eating food.", "A man is eating a piece of bread.", "The girl is carrying a baby."]
    )
    assert one @ near == pytest.approx(0.7553, abs=1e-3)
    assert one @ far < 0.1


def test_a_text_has_the_same_vector_alone_and_among_longer_ones(model):
    alone = model.embed(["radar"])[0]
    among = model.embed(["radar", "a much longer text about radar " * 30, ""])[0]
    assert alone == pytest.approx(among, abs=1e-4)


@pytest.mark.parametrize("text", ["", " ", "遥感图像", "\x00", "🛰" * 500, "word " * 5000])
def test_any_text_has_a_vector_of_length_one(model, text):
    assert np.linalg.norm(model.embed([text])[0]) == pytest.approx(1, abs=1e-4)


def test_weights_that_are_not_the_pinned_ones_are_not_read(monkeypatch):
    monkeypatch.setattr(sentences, "_PINNED", "0" * 64)
    with pytest.raises(ModelError, match="not those that were looked at"):
        SentenceModel()


def test_a_folder_that_is_no_model_is_refused_in_words(tmp_path):
    with pytest.raises(ModelError, match="no model of the shape"):
        SentenceModel(tmp_path)


# --- The memory ---------------------------------------------------------------------------------------------


def test_each_text_is_worked_out_once(tmp_path):
    model = Counting()
    first = Memory(model, tmp_path / "v.sqlite3").embed(["one", "three", "one"])
    again = Memory(model, tmp_path / "v.sqlite3").embed(["three", "one"])
    assert sorted(model.asked) == ["one", "three"]
    assert (again == first[[1, 0]]).all()


def test_another_model_has_a_memory_of_its_own(tmp_path):
    Memory(Counting(), tmp_path / "v.sqlite3").embed(["one"])
    other = Counting()
    other.digest = "another"
    Memory(other, tmp_path / "v.sqlite3").embed(["one"])
    assert other.asked == ["one"]


def test_progress_ends_at_the_whole(tmp_path, model):
    heard = []
    Memory(model, tmp_path / "v.sqlite3").embed(["one", "two"], heard.append)
    assert heard[-1] == pytest.approx(1)


# --- The blend ----------------------------------------------------------------------------------------------


def ranked_first(model) -> int:
    """How many of these people get the paper of their own theme, which shares few words with what they wrote."""
    papers = [Profile(texts[0]) for texts in THEMES.values()]
    people = [Profile(publications=(texts[1],)) for texts in THEMES.values()]
    return int((Affinities(papers, people, model).texts().argmax(axis=0) == np.arange(len(THEMES))).sum())


def test_people_are_closest_to_papers_of_their_theme(model):
    assert ranked_first(model) == len(THEMES)


def test_the_model_knows_more_than_the_words(model):
    assert ranked_first(model) > ranked_first(None)


def test_one_planted_publication_does_not_win_a_paper():
    paper = [Profile("methane plumes in hyperspectral images of pipelines")]
    honest = Profile(publications=("methane plumes over pipelines", "hyperspectral images of methane") * 2)
    planted = Profile(publications=(paper[0].text, "crop yields", "floods after rain", "tree species"))
    scores = Affinities(paper, [honest, planted]).scores
    assert scores[0, 0] > scores[0, 1]


def test_more_publications_of_the_same_kind_change_little():
    paper, one = [Profile("mapping floods with radar")], "floods seen by radar"
    scores = Affinities(paper, [Profile(publications=(one,)), Profile(publications=(one,) * 20)]).scores
    assert scores[0, 0] == pytest.approx(scores[0, 1])


def test_the_closest_publications_are_named():
    person = Profile(publications=("yield of wheat", "mapping floods with radar", "radar"))
    found = Affinities([Profile("floods and radar")], [person])
    assert found.closest(0, 0) == (1, 2)


@given(st.lists(st.text(max_size=40), max_size=4), st.lists(st.lists(st.text(max_size=40), max_size=3), max_size=3))
def test_any_texts_are_taken(papers, people):
    found = Affinities([Profile(text) for text in papers], [Profile(publications=tuple(p)) for p in people])
    assert all(0 <= score <= 1 for score in found.scores.values())
    for (_, person), _ in found.scores.items():
        assert any(text.strip() for text in people[person])


# --- The command --------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "archives").mkdir()
    papers = {name: {"id": name, "content": {"title": t[0], "abstract": None}} for name, t in THEMES.items()}
    (tmp_path / "submissions.json").write_text(json.dumps(papers), encoding="utf-8")
    for name, texts in THEMES.items():
        archive(tmp_path, f"~{name}_Ü1", {"content": {"title": {"value": texts[1]}}})
    return tmp_path


def archive(folder, name: str, *notes) -> None:
    lines = [note if isinstance(note, str) else json.dumps(note) for note in notes]
    (folder / "archives" / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")


def score(folder, **options):
    """(scores by pair, what was said on the side)."""
    said = StringIO()
    call_command("score_affinity", folder, out=folder / "out.csv", stdout=StringIO(), stderr=said, **options)
    rows = csv.DictReader((folder / "out.csv").read_text(encoding="utf-8").splitlines())
    return {(row["paper_id"], row["reviewer_id"]): float(row["score"]) for row in rows}, said.getvalue()


@pytest.mark.parametrize("words_only", [True, False])
def test_every_pair_gets_a_score(folder, words_only):
    scores, said = score(folder, words_only=words_only, memory=folder / "v.sqlite3")
    assert len(scores) == 16
    assert said == ""
    assert scores["clouds", "~clouds_Ü1"] == max(value for (_, who), value in scores.items() if who == "~clouds_Ü1")


def test_lines_are_read_as_well_as_an_object(folder):
    papers = json.loads((folder / "submissions.json").read_text(encoding="utf-8"))
    (folder / "submissions.json").unlink()
    (folder / "submissions.jsonl").write_text("\n".join(map(json.dumps, papers.values())), encoding="utf-8")
    assert len(score(folder, words_only=True)[0]) == 16


def test_who_wrote_nothing_is_unknown_and_said_to_be(folder):
    archive(folder, "~nobody", {"content": {"title": None}})
    scores, said = score(folder, words_only=True)
    assert not [who for _, who in scores if who == "~nobody"]
    assert "no score for this reviewer" in said


def test_without_the_model_words_are_compared_and_it_is_said(folder, monkeypatch):
    monkeypatch.setattr("reviews.management.commands.score_affinity.packaged_folder", lambda: None)
    scores, said = score(folder)
    assert len(scores) == 16
    assert "words alone" in said


@pytest.mark.parametrize(
    ("notes", "words"),
    [(["{"], "line 1: no JSON"), (["[1]"], "line 1: an object is needed"), (["", "nonsense"], "line 2: no JSON")],
)
def test_a_faulty_line_is_told_with_its_number(folder, notes, words):
    archive(folder, "~bad", *notes)
    with pytest.raises(CommandError, match=words):
        score(folder, words_only=True)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("submissions.json", "nonsense", "no JSON in UTF-8"),
        ("submissions.json", "3", "must hold an object"),
        ("submissions.json", '{"a": 3}', "is no paper"),
        ("submissions.json", '[{"content": {}}]', "has no id"),
        ("submissions.json", '[{"id": "a"}, {"id": "a"}]', "is there twice"),
    ],
)
def test_a_faulty_file_is_told(folder, name, content, words):
    (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(CommandError, match=words):
        score(folder, words_only=True)


def test_a_folder_without_papers_or_archives_is_told(tmp_path):
    with pytest.raises(CommandError, match=r"neither submissions.json nor submissions.jsonl"):
        score(tmp_path, words_only=True)
    (tmp_path / "submissions.json").write_text("{}", encoding="utf-8")
    with pytest.raises(CommandError, match="archives is not there"):
        score(tmp_path, words_only=True)

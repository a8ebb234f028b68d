"""What authors write about their paper, as one value that can be compared and shown."""

from dataclasses import dataclass, field

from ml4rs.editions.models import Question, Topic
from submissions.models import Submission
from submissions.questions import asked, in_words

LANGUAGE_MODEL_USE = [
    ("", "Not said yet"),
    ("none", "Not used"),
    ("language", "For grammar and style only"),
    ("text", "For parts of the text, which we have checked"),
    ("research", "As part of the research itself, described in the paper"),
]

_PLAIN = ("title", "abstract", "keywords", "declarations", "answers")


@dataclass
class Texts:
    """Title, abstract, keywords, declarations, topics and answers to the track's `questions`, as typed."""

    title: str = ""
    abstract: str = ""
    keywords: str = ""
    declarations: dict = field(default_factory=dict)
    topics: list[Topic] = field(default_factory=list)
    answers: dict = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)

    @classmethod
    def of(cls, submission: Submission) -> "Texts":
        """As they are saved. Two queries, for topics and questions."""
        topics = list(submission.topics.all())
        questions = asked(submission.track.questions.all(), Question.Stage.SUBMISSION)
        keys = {question.key for question in questions}
        answers = {key: value for key, value in submission.answers.items() if key in keys}
        plain = (submission.title, submission.abstract, submission.keywords, submission.declarations)
        return cls(*plain, topics, answers, questions)

    def changed_from(self, other: "Texts") -> list[str]:
        """Names of what differs."""
        plain = [name for name in _PLAIN if getattr(self, name) != getattr(other, name)]
        same_topics = {topic.pk for topic in self.topics} == {topic.pk for topic in other.topics}
        return plain if same_topics else [*plain, "topics"]

    def in_words(self, name: str) -> str:
        """One of them as a line to read beside another version."""
        if name == "topics":
            return ", ".join(topic.name for topic in self.topics)
        if name == "declarations":
            return "; ".join(f"{label}: {answer}" for label, answer in declared_in_words(self.declarations))
        if name == "answers":
            return "; ".join(f"{each.label}: {each.text}" for each in in_words(self.questions, self.answers))
        return getattr(self, name)


def declared_in_words(declared: dict) -> list[tuple[str, str]]:
    """Declarations as label and answer; what was not declared is left out."""
    rows = [
        ("All authors agree", "Yes" if declared.get("agreed") else ""),
        ("Student paper", "Yes" if declared.get("student") else ""),
        ("Journal stream", "Yes, please consider it" if declared.get("journal") else ""),
        ("Also under review or published", declared.get("elsewhere", "")),
        ("Language models", dict(LANGUAGE_MODEL_USE).get(declared.get("language_models") or None, "")),
    ]
    return [(label, answer) for label, answer in rows if answer]

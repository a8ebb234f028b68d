"""The questions that reviewers are asked at first: one set for papers, a lighter one for tiny papers."""

from reviews.models import Field

_OVERALL = {
    "key": "overall",
    "label": "Overall recommendation",
    "kind": Field.Kind.SCALE,
    "use": Field.Use.OVERALL,
    "options": [
        [1, "Reject"],
        [2, "Rather reject"],
        [3, "Borderline, leaning to reject"],
        [4, "Borderline, leaning to accept"],
        [5, "Accept"],
        [6, "Strong accept, a highlight"],
    ],
}
_CONFIDENCE = {
    "key": "confidence",
    "label": "Your confidence",
    "kind": Field.Kind.SCALE,
    "use": Field.Use.CONFIDENCE,
    "audience": Field.Audience.COMMITTEE,
    "options": [
        [1, "An educated guess"],
        [2, "Fairly sure, some parts are outside my field"],
        [3, "Sure, I know this field"],
        [4, "Certain, I work on this very question"],
    ],
}
_RELEVANCE = {
    "key": "relevance",
    "label": "Interest to the workshop",
    "kind": Field.Kind.SCALE,
    "options": [[1, "Off topic"], [2, "On the fringe"], [3, "On topic"], [4, "People will come for this"]],
}
_SOUNDNESS = {
    "key": "soundness",
    "label": "Soundness",
    "kind": Field.Kind.SCALE,
    "help": "Are the claims supported by the experiments or the argument?",
    "options": [[1, "Unsound"], [2, "Some claims lack support"], [3, "Sound"], [4, "Sound and careful"]],
}
_SUMMARY = {
    "key": "summary",
    "label": "What the paper does",
    "kind": Field.Kind.TEXT,
    "help": "Two or three sentences in your own words.",
    "max_length": 3_000,
}
_STRENGTHS = {"key": "strengths", "label": "Strengths", "kind": Field.Kind.TEXT}
_WEAKNESSES = {
    "key": "weaknesses",
    "label": "Weaknesses and how to mend them",
    "kind": Field.Kind.TEXT,
    "help": "Be specific and kind: name the section, and what would convince you.",
}
_COMMENTS = {
    "key": "comments",
    "label": "Comments to the authors",
    "kind": Field.Kind.TEXT,
    "help": "What is good, what is missing, and what would help them most. A few sentences will do.",
    "max_length": 5_000,
}
_FORM_OF_TALK = {
    "key": "presentation",
    "label": "If accepted, best as",
    "kind": Field.Kind.CHOICE,
    "audience": Field.Audience.ORGANISERS,
    "required": False,
    "options": [["oral", "A talk"], ["poster", "A poster"], ["either", "Either"]],
}
_CONFIDENTIAL = {
    "key": "confidential",
    "label": "For the organisers only",
    "kind": Field.Kind.TEXT,
    "audience": Field.Audience.ORGANISERS,
    "required": False,
    "help": "Doubts about originality, ethics or your own expertise. Authors and other reviewers never see this.",
    "max_length": 3_000,
}
_LANGUAGE_MODELS = {
    "key": "language_models",
    "label": "Did a language model help with this review?",
    "kind": Field.Kind.CHOICE,
    "audience": Field.Audience.ORGANISERS,
    "help": "The paper is confidential: it may be given to no service that keeps or learns from it.",
    "options": [
        ["no", "No"],
        ["wording", "Only with the wording of my own text; it never saw the paper"],
        ["more", "With more than that, by a model on my own machine; I say how in the words to the organisers"],
    ],
}

PAPER = [
    _SUMMARY, _STRENGTHS, _WEAKNESSES, _SOUNDNESS, _RELEVANCE, _OVERALL, _CONFIDENCE, _FORM_OF_TALK,
    _LANGUAGE_MODELS, _CONFIDENTIAL,
]  # fmt: skip
TINY_PAPER = [_COMMENTS, _RELEVANCE, _OVERALL, _CONFIDENCE, _FORM_OF_TALK, _LANGUAGE_MODELS, _CONFIDENTIAL]

"""Invented research: what titles, abstracts, papers and reviews are put together from."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """A line of research: its words, and words of topics that it belongs to."""

    task: str
    data: str
    methods: tuple[str, ...]
    topics: tuple[str, ...]  # parts of topics' slugs


THEMES = (
    Theme(
        "crop type mapping",
        "Sentinel-2 time series",
        ("masked autoencoders", "temporal attention"),
        ("agriculture", "time-series", "food-security"),
    ),
    Theme(
        "yield forecasting",
        "MODIS and weather records",
        ("Gaussian process heads", "state space models"),
        ("food-security", "agriculture", "time-series"),
    ),
    Theme(
        "flood extent mapping",
        "Sentinel-1 backscatter",
        ("uncertainty-aware segmentation", "contrastive pretraining"),
        ("disasters", "natural-hazards", "out-of-distribution"),
    ),
    Theme(
        "landslide detection",
        "optical and elevation data",
        ("prototype networks", "graph attention"),
        ("natural-hazards", "limited-labels", "disasters"),
    ),
    Theme(
        "tree species classification",
        "hyperspectral flights",
        ("spectral transformers", "metric learning"),
        ("forestry", "biodiversity", "limited-labels"),
    ),
    Theme(
        "canopy height estimation",
        "GEDI footprints and Sentinel-2",
        ("deep ensembles", "quantile regression"),
        ("forestry", "multi-fidelity", "model-architectures"),
    ),
    Theme(
        "wildlife counting",
        "drone imagery",
        ("point-based detectors", "human-in-the-loop labelling"),
        ("biodiversity", "human-in-the-loop", "active-learning"),
    ),
    Theme(
        "species distribution modelling",
        "location encoders and climate grids",
        ("implicit neural representations", "presence-only losses"),
        ("species-distribution", "biodiversity", "geographic-equity"),
    ),
    Theme(
        "building damage assessment",
        "very high resolution image pairs",
        ("Siamese transformers", "test-time adaptation"),
        ("disasters", "domain-adaptation", "concept-drift"),
    ),
    Theme(
        "poverty estimation",
        "night lights and daytime imagery",
        ("fairness constraints", "spatial cross-validation"),
        ("fairness", "societal-needs", "geographic-equity"),
    ),
    Theme(
        "methane plume detection",
        "imaging spectroscopy",
        ("matched filters with learned priors", "diffusion models"),
        ("sustainable-development", "semi-supervised", "benchmark"),
    ),
    Theme(
        "sea ice segmentation",
        "SAR mosaics",
        ("self-training", "mixture-of-experts encoders"),
        ("semi-supervised", "model-architectures", "concept-drift"),
    ),
    Theme(
        "crater detection",
        "Mars orbiter images",
        ("zero-shot segmentation", "synthetic training data"),
        ("planetary", "unsupervised", "limited-labels"),
    ),
    Theme(
        "cloud removal",
        "optical and radar pairs",
        ("conditional diffusion", "cross-modal attention"),
        ("multi-fidelity", "unsupervised", "time-series"),
    ),
    Theme(
        "land cover change detection",
        "Landsat archives",
        ("foundation model features", "change point losses"),
        ("concept-drift", "self-supervised", "evaluation"),
    ),
    Theme(
        "image and text retrieval",
        "captions of aerial scenes",
        ("vision-language models", "hard negative mining"),
        ("self-supervised", "benchmark", "data-centric"),
    ),
    Theme(
        "onboard triage",
        "raw sensor frames",
        ("binary networks", "federated averaging across satellites"),
        ("federated", "model-architectures", "data-centric"),
    ),
    Theme(
        "air quality mapping",
        "satellite columns and ground stations",
        ("graph networks", "active sampling"),
        ("societal-needs", "active-learning", "sustainable-development"),
    ),
)

TITLES = (
    "{Method} for {task} from {data}",
    "{Task} with {method}: how far does it carry?",
    "Towards label-efficient {task}: {method} on {data}",
    "{Task} across continents with {method}",
    "Do we need {method} for {task}? A re-analysis",
    "A benchmark of {task} from {data}",
    "Closing the regional gap in {task} with {method}",
    "{Method} under distribution shift: lessons from {task}",
    "The limits of {method}: {task} in the tropics",
    "Small models, large areas: {task} with {method}",
)
CONTEXTS = (
    "Maps of the Earth's surface are only as good as the labels behind them, and labels are missing where they would "
    "matter most.",
    "Decisions about land and water increasingly rest on what satellites see.",
    "Models that do well on a benchmark often disappoint one valley further.",
    "Public archives hold decades of observations, of which a small part has ever been annotated.",
    "Agencies ask for answers within hours, while methods are tuned over months.",
)
APPROACHES = (
    "We study {task} from {data} and show what can be learnt from few annotations with {method}.",
    "We combine {method} with a simple sampling scheme for {task} from {data}.",
    "This paper asks what is left of the benefit of {method} for {task} once regions are held out; we use {data}.",
    "We release a data set for {task} from {data}, split by region and season, with {method} as a baseline.",
)
FINDINGS = (
    "On {n} regions in {c} continents the error falls by {p} % against a strong baseline.",
    "The gain is largest where labels are scarce: {p} % with {n} annotated scenes.",
    "Averages hide much: in {c} of {n} regions the simpler model wins.",
    "Calibration improves by {p} %, at no cost in accuracy, over {n} test sites.",
    "Training takes {c} hours on one GPU, and inference covers {n} scenes a minute.",
)
OUTLOOKS = (
    "Code, weights and splits will be published with the final version.",
    "We discuss what this means for operational mapping and where it should not be used.",
    "We close with failure cases and a checklist for those who want to use the maps.",
    "The results suggest that evaluation by region should be the rule.",
)
PARAGRAPHS = (
    "All images are resampled to a common grid and normalised by the statistics of the training regions only, so that "
    "nothing of the test regions leaks into the model. Clouds are masked with the product's own quality band.",
    "We hold out whole regions rather than tiles, since neighbouring tiles share weather, soil and management. With "
    "random splits the same models look far better than they are.",
    "The encoder is trained without labels on patches drawn evenly over climate zones. Only the last two blocks are "
    "adapted afterwards, with a learning rate chosen on validation regions.",
    "Errors concentrate along field borders and in mixed pixels. Where parcels are smaller than the sensor's "
    "resolution no method is reliable, and we mark these areas in the maps.",
    "An ablation removes one component at a time. The sampling scheme accounts for most of the gain, the additional "
    "loss for little, and the larger backbone for none once training lasts long enough.",
    "We asked local partners to look at two hundred predictions each. They agreed with the map in most cases and "
    "explained the rest by practices that no training label speaks of.",
    "Compute was limited to a single machine. We report all runs, including those that failed, and give intervals over "
    "five seeds rather than the best one.",
    "Transfer between hemispheres needs a shift of the calendar by half a year. Without it accuracy drops sharply, "
    "which earlier work took for a lack of capacity.",
)
SECTIONS = ("Introduction", "Related work", "Data", "Method", "Experiments", "Discussion", "Conclusion")
STRENGTHS = (
    "The question matters to people who make maps, and the evaluation by region answers it honestly.",
    "Clear writing, sensible baselines, and code that is promised for publication.",
    "A simple idea, carried through with care; the ablation is convincing.",
    "The data set will be useful beyond this paper.",
    "Negative results are reported as plainly as positive ones.",
)
WEAKNESSES = (
    "The comparison in section 5 lacks a recent baseline; adding one would settle most doubts.",
    "Results come from three seeds and without intervals. Please report the spread.",
    "It remains unclear how hyperparameters were chosen for the baselines.",
    "The map is shown for one season only. A second year would show whether it holds.",
    "Claims about generalisation rest on two regions that resemble each other.",
    "Figure 2 is too small to read, and the legend is missing.",
)
SUMMARIES = (
    "The paper studies {task} and measures the benefit of {method} when regions are held out.",
    "The authors apply {method} to {data} and compare with supervised baselines.",
    "A short study of {task}; the main message is that sampling matters more than the model.",
)
CONFIDENTIAL = (
    "",
    "",
    "",
    "I am not sure that the test regions are disjoint from pretraining.",
    "A candidate for a talk.",
)
DECISION_COMMENTS = {
    "accepted": (
        "The reviewers agree that this will be of interest. Please take their remarks on the baselines into account.",
        "A clear paper. Reviewers ask for intervals in the tables; the final version should have them.",
    ),
    "rejected": (
        "The idea is liked, but the evaluation does not yet support the claims. We hope to see it again.",
        "Reviewers found too little beyond earlier work. Their remarks may help with the next version.",
    ),
}
WITHDRAWALS = ("We found an error in the split.", "Two papers were merged.", "The first author cannot attend.")
DESK_REJECTIONS = (
    "The main text is longer than the track allows.",
    "The authors' names stand on the first page.",
    "The paper is not about remote sensing.",
)
DECLINES = ("Too many reviews this month.", "On leave until May.", "I have changed field.")

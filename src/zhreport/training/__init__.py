"""Training and evaluation of theme models, and the public reports that the package's model was trained on."""

from zhreport.training.corpus import Fetched, PublicReport, cache_folder, fetch, public_reports
from zhreport.training.evaluation import Scores, already_seen, evaluate, predict
from zhreport.training.fit import cross_validate, make_pipeline, train
from zhreport.training.labels import Labelled, fingerprints, labels_hash, read_labels

__all__ = [
    "Fetched",
    "Labelled",
    "PublicReport",
    "Scores",
    "already_seen",
    "cache_folder",
    "cross_validate",
    "evaluate",
    "fetch",
    "fingerprints",
    "labels_hash",
    "make_pipeline",
    "predict",
    "public_reports",
    "read_labels",
    "train",
]

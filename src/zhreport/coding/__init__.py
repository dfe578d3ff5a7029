"""Human coding: a sample as a spreadsheet for coders, and how right we are and how agreed the coders.

Coders judge what we found: `sample_records` draws, `write_sheet` writes, people fill in, `read_sheets` reads
back, `agreement` reckons. Or they find themselves, without seeing ours, which counts what we miss too:
`sample_passages` or `sample_cells`, `write_blind`, `read_blind`, `blind_scores`. Or they label themes for
`zhreport train`: `sample_unsure`, `write_labelling`.
"""

from zhreport.coding.agreement import Agreement, Disagreement, FieldScore, agreement
from zhreport.coding.answers import Coded, Coding, read_sheets
from zhreport.coding.blind import BlindCoding, answers_of, read_blind, write_blind
from zhreport.coding.cells import sample_cells
from zhreport.coding.labelling import Unlabelled, sample_unsure, write_labelling
from zhreport.coding.passages import BLIND, Passage, Passages, Span, sample_passages
from zhreport.coding.sample import JUDGED, NOUNS, Sample, Sampled, Sampler, Stratum, sample_records
from zhreport.coding.scores import BlindScores, Difference, Scored, Share, blind_scores
from zhreport.coding.sheets import check_sheet, too_long, write_sheet
from zhreport.coding.statistics import Coefficient, gwet_ac1, nominal_alpha, wilson

__all__ = [
    "BLIND",
    "JUDGED",
    "NOUNS",
    "Agreement",
    "BlindCoding",
    "BlindScores",
    "Coded",
    "Coding",
    "Coefficient",
    "Difference",
    "Disagreement",
    "FieldScore",
    "Passage",
    "Passages",
    "Sample",
    "Sampled",
    "Sampler",
    "Scored",
    "Share",
    "Span",
    "Stratum",
    "Unlabelled",
    "agreement",
    "answers_of",
    "blind_scores",
    "check_sheet",
    "gwet_ac1",
    "nominal_alpha",
    "read_blind",
    "read_sheets",
    "sample_cells",
    "sample_passages",
    "sample_records",
    "sample_unsure",
    "too_long",
    "wilson",
    "write_blind",
    "write_labelling",
    "write_sheet",
]

"""Human coding: a sample as a spreadsheet for coders, and how right we are and how agreed the coders.

Coders judge what we found: `sample_claims` draws, `write_sheet` writes, people fill in, `read_sheets` reads
back, `agreement` reckons. Or they find themselves, without seeing ours, which counts what we miss too:
`sample_passages`, `write_blind`, `read_blind`, `blind_scores`. Or they label themes for `zhreport train`:
`sample_unsure`, `write_labelling`.
"""

from zhreport.coding.agreement import Agreement, Disagreement, FieldScore, agreement
from zhreport.coding.answers import CodedClaim, Coding, read_sheets
from zhreport.coding.blind import (
    BLIND,
    BlindCoding,
    Passage,
    Passages,
    Span,
    answers_of,
    read_blind,
    sample_passages,
    write_blind,
)
from zhreport.coding.labelling import Unlabelled, sample_unsure, write_labelling
from zhreport.coding.sample import Sample, Sampled, Sampler, Stratum, sample_claims
from zhreport.coding.scores import BlindScores, Difference, Scored, Share, blind_scores
from zhreport.coding.sheets import FIELDS, check_sheet, too_long, write_sheet
from zhreport.coding.statistics import Coefficient, gwet_ac1, nominal_alpha, wilson

__all__ = [
    "BLIND",
    "FIELDS",
    "Agreement",
    "BlindCoding",
    "BlindScores",
    "CodedClaim",
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
    "sample_claims",
    "sample_passages",
    "sample_unsure",
    "too_long",
    "wilson",
    "write_blind",
    "write_labelling",
    "write_sheet",
]

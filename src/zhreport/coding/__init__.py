"""Human coding: a sample of claims as a spreadsheet for coders, and how right and how agreed their codes are.

`sample_claims` draws, `write_sheet` writes, people fill in, `read_sheets` reads back, `agreement` reckons.
"""

from zhreport.coding.agreement import Agreement, Disagreement, FieldScore, agreement, nominal_alpha, wilson
from zhreport.coding.answers import CodedClaim, Coding, read_sheets
from zhreport.coding.sample import Sample, Sampled, Sampler, Stratum, sample_claims
from zhreport.coding.sheets import FIELDS, check_sheet, too_long, write_sheet

__all__ = [
    "FIELDS",
    "Agreement",
    "CodedClaim",
    "Coding",
    "Disagreement",
    "FieldScore",
    "Sample",
    "Sampled",
    "Sampler",
    "Stratum",
    "agreement",
    "check_sheet",
    "nominal_alpha",
    "read_sheets",
    "sample_claims",
    "too_long",
    "wilson",
    "write_sheet",
]

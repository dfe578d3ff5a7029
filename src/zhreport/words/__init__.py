"""From text to words and their classes: folded characters, numerals, tokens and the lexicon."""

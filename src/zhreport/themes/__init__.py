"""Themes: one to three of nineteen subjects for each paragraph, by a linear model with its data in a file."""

from zhreport.themes.model import HasModel, Reason, Theme, ThemeModel, default_model
from zhreport.themes.passages import Passage, passages
from zhreport.themes.tagging import Tagged, ThemedPassage, tag
from zhreport.themes.taxonomy import TAXONOMIES, crosswalk, map_theme

__all__ = [
    "TAXONOMIES",
    "HasModel",
    "Passage",
    "Reason",
    "Tagged",
    "Theme",
    "ThemeModel",
    "ThemedPassage",
    "crosswalk",
    "default_model",
    "map_theme",
    "passages",
    "tag",
]

"""Plots: an indicator with its targets, themes and campaigns over the years, as matplotlib axes.

Every function takes an `ax`, or draws on a figure of its own that pyplot does not know
(`ax.figure.savefig(...)`), and changes no settings of matplotlib. Texts are drawn with a font that has all
their characters, or not at all. The legend stands beside the axes: make your own figure with
`layout="constrained"` to leave it room.
"""

from zhreport.plots.fonts import FONTS, find_font
from zhreport.plots.series import plot_indicator
from zhreport.plots.stacks import campaigns_by_year, plot_campaigns, plot_themes, theme_shares

__all__ = [
    "FONTS",
    "campaigns_by_year",
    "find_font",
    "plot_campaigns",
    "plot_indicator",
    "plot_themes",
    "theme_shares",
]

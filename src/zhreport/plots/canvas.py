"""The canvas: colours, new axes, and what all plots have around them.

The colours are the scheme *muted* of Paul Tol, on dark axes his scheme *light*: both are told apart with
every common kind of colour blindness (Tol 2021, "Colour Schemes", SRON/EPS/TN/09-002).
"""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from zhreport.plots.fonts import find_font, need_matplotlib

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties

__all__ = ["COLOURS", "GREY", "canvas", "colours", "finish"]

COLOURS: Final = (
    "#332288", "#CC6677", "#DDCC77", "#117733", "#88CCEE", "#882255", "#44AA99", "#999933", "#AA4499",
)  # fmt: skip
_ON_DARK: Final = (
    "#77AADD", "#EE8866", "#EEDD88", "#44BB99", "#99DDFF", "#FFAABB", "#BBCC33", "#AAAA00", "#DDDDDD",
)  # fmt: skip
GREY: Final = "#AAAAAA"
_LABEL: Final = 0.36  # inches that a year takes
_ROOM: Final = 0.7  # of the width of axes, what a legend beside them leaves


def canvas(ax: "Axes | None") -> "Axes":
    """The axes to draw on: the caller's, or those of a new figure that pyplot does not keep."""
    need_matplotlib()
    if ax is not None:
        return ax
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    figure = Figure(figsize=(8, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    return figure.add_subplot()


def colours(ax: "Axes") -> tuple[str, ...]:
    """The colours that can be seen on axes."""
    from matplotlib.colors import to_rgb  # noqa: PLC0415

    dark = sum(to_rgb(ax.get_facecolor())) < sum(to_rgb(GREY))
    return _ON_DARK if dark else COLOURS


def finish(
    ax: "Axes",
    years: Iterable[int],
    title: str,
    ylabel: str,
    entries: list[tuple[Any, str]],
    font: str | Path | None,
) -> None:
    """Title, labels, ticks and legend, all in one font that has their characters."""
    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415

    texts = [title, ylabel, *(label for _, label in entries)]
    base = find_font("".join(texts), font)

    def sized(size: str) -> "FontProperties":
        properties = base.copy()
        properties.set_size(size)
        return properties

    ax.set_title(title, loc="left", fontproperties=sized("large"))
    ax.set_ylabel(ylabel, fontproperties=sized("medium"))
    known = sorted(set(years))
    ax.set_xlim(known[0] - 0.6, known[-1] + 0.6)
    figure = ax.get_figure(root=True)
    room = _ROOM * ax.get_position().width * (figure.get_figwidth() if figure else 0)
    years_fit = (known[-1] - known[0] + 1) * _LABEL <= room
    if len(known) <= 12 and known[-1] - known[0] <= 15 and years_fit:
        ax.set_xticks(known, [str(year) for year in known])
    else:
        of_years = partial(MaxNLocator, integer=True, steps=[1, 2, 5, 10])
        ax.xaxis.set_major_locator(of_years(nbins=12) if years_fit else of_years(nbins="auto"))
        ax.xaxis.set_major_formatter("{x:.0f}")
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    ax.grid(axis="y", color=ax.spines["left"].get_edgecolor(), alpha=0.1, linestyle="-", linewidth=0.8)
    ax.set_axisbelow(True)
    ax.legend(
        [handle for handle, _ in entries],
        [label for _, label in entries],
        prop=sized("small"),
        frameon=False,
        loc="center left",
        bbox_to_anchor=(1.0, 0.5),
    )

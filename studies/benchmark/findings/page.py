"""The report of a benchmark: one HTML page, one table in Markdown.

Both are written from the document of `document` alone, the page with pictures
of mistakes beside it. The page needs nothing else and asks nobody; names of
files are untrusted and escaped by Jinja2. No picture goes into the Markdown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import jinja2

from studies.benchmark.findings.examples import Example
from studies.benchmark.findings.views import FAMILIES_SEEN
from studies.benchmark.judging.detectors import OURS

__all__ = ["render_markdown", "render_page"]

_TEMPLATES: Final = Path(__file__).parent / "templates"

Row = Mapping[str, Any]

FAMILIES: Final = {
    "warp": "first injector (a warp)",
    "second": "second injector",
    "real": "real lids and halves of real faces",
}
"""How the families of truth are called."""

SUBSETS: Final = (
    *("mild", "moderate", "severe"),
    *("eyelid only", "eyelid and more", "lower face only"),
    *("clonic", "tonic", "mixed"),
)

LONG: Final = {
    "held_1_to_3_s": ("held 1 to 3 s", "percent"),
    "held_3_to_20_s": ("held 3 to 20 s", "percent"),
    "held_over_20_s": ("held over 20 s", "percent"),
    "real_lids_held": ("real lids held", "percent"),
    "spasm_time_within_10pct": ("time in spasm within 10 %", "percent"),
    "strange_side_bursts": ("logged on the wrong side", "counted"),
}
"""How figures of long contractions are called, and their unit."""

_DESCRIBED: Final = {
    "onset_error_frames": ("Onset, median error in frames", "frames"),
    "onset_error_s": ("Onset, median error in seconds", "s"),
    "onset_bias_s": ("Onset, logged minus true, median in seconds", "s"),
    "offset_error_s": ("Offset, median error in seconds", "s"),
    "offset_bias_s": ("Offset, logged minus true, median in seconds", "s"),
    "duration_ratio": ("Duration, logged over true, median", "ratio"),
    "rate_error_median_abs": ("Bursts per minute, median error", "percent"),
    "rate_within_10pct": ("Recordings whose rate is within 10 %", "percent"),
    "rate_correlation": ("Rate, rank correlation over recordings", "ratio"),
    "wrong_side_share": ("Logged on the wrong side only", "percent"),
    "kind_agreement": ("Clonic, tonic or mixed as drawn", "percent"),
    "kind_agreement_claimed": ("... of those of which a kind is logged", "percent"),
    "region_agreement": ("Regions, shared over all named (Jaccard)", "ratio"),
    "lead_region_agreement": ("First region as drawn", "percent"),
    "contractions_within_one": ("Clonic bursts, contractions within one", "percent"),
    "contractions_within_one_claimed": (
        "... of those of which a count is logged",
        "percent",
    ),
    "amplitude_correlation": ("Excursion, rank correlation", "ratio"),
    "amplitude_ratio": ("Excursion, logged over true, median", "ratio"),
    "spasm_time_within_10pct": (
        "Recordings whose time in bursts is within 10 %",
        "percent",
    ),
    "spasm_time_kappa": ("Time in bursts, agreement beyond chance (kappa)", "ratio"),
}
"""How a figure of the description is called, and its unit."""


def render_page(document: Row, examples: Sequence[Example] = ()) -> str:
    """Build the page.

    Parameters
    ----------
    document : mapping
        From `document.build_document`.
    examples : sequence of Example
        Mistakes with their pictures.

    Returns
    -------
    str
        A complete HTML document that loads nothing from anywhere.
    """
    return _render("benchmark.html.j2", document, examples)


def render_markdown(document: Row) -> str:
    """Build the tables in Markdown; parameters as for `render_page`."""
    return _render("benchmark.md.j2", document, ())


def _render(template: str, document: Row, examples: Sequence[Example]) -> str:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=jinja2.select_autoescape(("html.j2",)),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        figure=_figure,
        interval=_interval,
        verdict=_verdict,
        failing=_failing,
        group_verdict=_group_verdict,
        rule_verdict=_rule_verdict,
        described=_DESCRIBED,
        family_names=FAMILIES,
        subset_names=SUBSETS,
        long_names=LONG,
    )
    ours = document["detectors"][0]
    rated = [row["results"][ours["name"]] for row in document["targets"]]
    return environment.get_template(template).render(
        doc=document,
        ours=ours,
        met=sum(row["met"] is True for row in rated),
        measured=sum(row["met"] is not None for row in rated),
        seen_and_unseen=[
            item
            for item in document["detectors"]
            if item["name"] in {OURS.name, FAMILIES_SEEN}
        ],
        examples=examples,
        dots=_dots(document["calibration"]["bins"]),
    )


def _figure(number: Row, unit: str = "share") -> str:
    """Write a number the way people read it; a dash when it is not known."""
    value = number["value"]
    if value is None:
        return "-"
    if unit == "counted":
        return f"{number['n']} ({_say(value, unit)})"
    return _say(value, unit)


def _interval(number: Row, unit: str = "share") -> str:
    """Write an interval; empty when it is not known."""
    if number["low"] is None or number["high"] is None:
        return ""
    return f"{_say(number['low'], unit)} to {_say(number['high'], unit)}"


def _say(value: float, unit: str) -> str:
    if unit == "percent":
        return f"{100 * value:.0f} %"
    if unit == "counted":
        return f"{100 * value:.1f} %"
    places = {"share": 2, "per min": 1, "frames": 1, "ratio": 2, "ms": 2, "s": 3}[unit]
    if unit == "per min" and 0 < abs(value) < 1:
        places = 2
    return f"{value:.{places}f}"


def _verdict(met: bool | None) -> str:
    """Say whether a target was reached."""
    return {True: "met", False: "not met", None: "not measured"}[met]


def _rule_verdict(met: bool | None) -> str:
    """Say whether the rule for groups is kept."""
    return {True: "kept", False: "not kept", None: "not known"}[met]


def _group_verdict(group: Row) -> str:
    """Say whether a group keeps the rule, and in what it does not."""
    kept = (group["alarms_met"], group["found_met"])
    if False in kept:
        wrong = zip(kept, ("alarms", "found"), strict=True)
        return "not kept: " + ", ".join(what for met, what in wrong if met is False)
    return _rule_verdict(None if None in kept else True)


def _failing(dimension: Row) -> str:
    """Name the groups that are worse than the others, and in what."""
    said = [
        f"{group['name']}: {what}"
        for group in dimension["groups"]
        for key, what in (
            ("alarms_met", "more false alarms"),
            ("found_met", "fewer found"),
        )
        if group[key] is False
    ]
    return "; ".join(said)


def _dots(bins: Sequence[Row]) -> list[dict[str, float]]:
    """Place the dots of the confidence plot on a field of 100 by 100."""
    most = max((item["n"] for item in bins), default=1)
    return [
        {
            "x": 100 * item["mean_confidence"],
            "y": 100 - 100 * item["share_true"],
            "low": 100 - 100 * (item["share_low"] or item["share_true"]),
            "high": 100 - 100 * (item["share_high"] or item["share_true"]),
            "r": 1.5 + 2.5 * (item["n"] / most) ** 0.5,
            "n": item["n"],
        }
        for item in bins
    ]

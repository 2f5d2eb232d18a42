"""No sentence of an evaluation escapes the catalogue."""

from __future__ import annotations

from dataclasses import replace

from twitch_tracker.evaluate.evaluation import evaluate_set
from twitch_tracker.language import speaking
from twitch_tracker.report.evaluation.page import render_evaluation


def names_of(evaluation) -> set[str]:
    """Names of recordings, faces and activities: data."""
    scores = evaluation.scores
    names = {score.source.name for score in scores if score.source}
    return names | {score.face for score in scores} | {s.activity for s in scores}


def test_evaluation_page(evaluation, speaks_pseudo):
    with speaking(speaks_pseudo.code):
        page = render_evaluation(evaluation)
    names = names_of(evaluation)
    names |= {name.capitalize() for name in names} | {"twitch_tracker"}
    assert speaks_pseudo.escaped_page(page, names - {""}) == []


def test_evaluation_of_few(made_up, burst, speaks_pseudo):
    """Other sentences are said when there is little to judge."""
    for true, logged in ((0, 2), (1, 0), (1, 1)):
        truth = tuple(burst(9 * k, 9 * k + 1) for k in range(true))
        said = tuple(burst(9 * k, 9 * k + 1) for k in range(logged))
        film = replace(made_up(1), truth=truth, logged=said)
        with speaking(speaks_pseudo.code):
            page = render_evaluation(evaluate_set([film], draws=20))
        names = {film.name, film.face, film.activity, film.activity.capitalize()}
        names = {*names, "twitch_tracker"} - {""}
        assert speaks_pseudo.escaped_page(page, names) == []

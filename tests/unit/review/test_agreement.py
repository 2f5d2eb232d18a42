"""Who agrees with whom, from which beginning, and how sure that is."""

from __future__ import annotations

import math
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from scipy import stats

from twitch_tracker.app.review.figures import draw_limits
from twitch_tracker.evaluate.figures.limits import LEAST, limits_of
from twitch_tracker.regions import Side
from twitch_tracker.review.agreement import PROGRAM, Party, Verdicts, agreements
from twitch_tracker.timebase import Interval

R, L = Side.RIGHT, Side.LEFT
A, B = Party("a"), Party("b")
A0 = Party("a", from_scratch=True)


@pytest.fixture
def verdicts(session):
    """Make what everybody says of one recording of a minute."""
    burst = session.episodes[0]

    def make(bursts, number=1, excluded=(), blind=()):
        at = {
            party: tuple(
                replace(burst, span=Interval(start_s=a, end_s=b), side=side)
                for a, b, side in spans
            )
            for party, spans in bursts.items()
        }
        return Verdicts(
            entry=SimpleNamespace(recording_id=str(number), patient_id="anna"),
            recorded_s=60.0,
            analysable_s=60.0,
            excluded=excluded,
            bursts=at,
            blind=frozenset(blind),
        )

    return make


# --- pairs ------------------------------------------------------------------------


def test_raters_who_mark_the_same_agree_fully(verdicts):
    same = [(1.0, 2.0, R), (5.0, 5.5, R)]
    judged = [verdicts({A: same, B: same, PROGRAM: same})]
    pair, *with_program = agreements(judged)
    assert (pair.first, pair.second, pair.recordings) == (A, B, 1)
    assert (pair.both, pair.only_first, pair.only_second) == (2, 0, 0)
    assert pair.f1.value == pair.kappa.value == 1.0
    assert [p.first for p in with_program] == [PROGRAM, PROGRAM]


def test_disagreement_is_counted_by_hand(verdicts):
    """Rater a keeps two of the program's three bursts and adds one on the left."""
    program = [(1.0, 2.0, R), (5.0, 6.0, R), (9.0, 10.0, R)]
    a = [(1.0, 2.0, R), (5.0, 6.5, R), (20.0, 21.0, L)]
    (pair,) = agreements([verdicts({A: a, PROGRAM: program})])
    assert (pair.both, pair.only_first, pair.only_second) == (2, 1, 1)
    assert pair.f1.value == pytest.approx(2 * 2 / 6)
    assert pair.of_first.value == pair.of_second.value == pytest.approx(2 / 3)
    # of 120 s on two sides: 2 s in both, 1 s program alone, 1.5 s rater alone
    agreed, program_s, rater_s = 1 - 2.5 / 120, 3 / 120, 3.5 / 120
    chance = program_s * rater_s + (1 - program_s) * (1 - rater_s)
    assert pair.kappa.value == pytest.approx((agreed - chance) / (1 - chance))
    assert pair.durations.differences == pytest.approx((0.0, 0.5))
    assert pair.rates.differences == (0.0,)


def test_who_did_not_rate_a_recording_is_left_out(verdicts):
    one = verdicts({A: [(1.0, 2.0, R)], PROGRAM: [(1.0, 2.0, R)]})
    two = verdicts({B: [], PROGRAM: []}, number=2)
    assert [(p.first, p.second) for p in agreements([one, two])] == [
        (PROGRAM, A),
        (PROGRAM, B),
    ]


def test_one_person_from_scratch_and_checking_are_two_parties(verdicts):
    """From scratch a misses the program's second burst; checking, a keeps it."""
    program = [(1.0, 2.0, R), (5.0, 6.0, R)]
    judged = [verdicts({A0: program[:1], A: program, PROGRAM: program})]
    pairs = {(p.first, p.second): p for p in agreements(judged)}
    assert set(pairs) == {(A, A0), (PROGRAM, A), (PROGRAM, A0)}
    assert pairs[PROGRAM, A].f1.value == 1.0
    assert pairs[PROGRAM, A0].f1.value == pytest.approx(2 / 3)


def test_that_nobody_sees_a_burst_is_a_rating(verdicts):
    (pair,) = agreements([verdicts({B: [], PROGRAM: []})])
    assert (pair.recordings, pair.both, pair.only_first, pair.only_second) == (
        1, 0, 0, 0,
    )  # fmt: skip
    assert math.isnan(pair.f1.value), "two empty lists have no share in common"
    assert pair.rates.differences == (0.0,)


def test_bursts_in_time_that_could_not_be_measured_are_told(verdicts):
    hole = (Interval(start_s=30.0, end_s=40.0),)
    marked = [(1.0, 2.0, R), (31.0, 32.0, R), (50.0, 51.0, R)]
    judged = [verdicts({A0: marked, PROGRAM: marked[:1]}, excluded=hole)]
    (pair,) = agreements(judged)
    assert (pair.only_second, pair.unmeasured) == (2, 1)


def test_a_rate_is_of_bursts_and_minutes_that_could_be_measured(verdicts):
    """Half of the minute is a hole, in which the rater sees a third burst: both have
    two bursts in half a minute."""
    marked = [(1.0, 2.0, R), (10.0, 11.0, R), (50.0, 51.0, R)]
    hole = (Interval(start_s=30.0, end_s=60.0),)
    one = verdicts({A0: marked, PROGRAM: marked[:2]}, excluded=hole)
    (pair,) = agreements([replace(one, analysable_s=30.0)])
    assert (pair.rates.means, pair.rates.differences) == ((4.0,), (0.0,))


# --- how sure ---------------------------------------------------------------------


def many(verdicts, count):
    """Recordings of which a keeps all bursts of the program, or all but one."""
    program = [(5.0 * n, 5.0 * n + 1, R) for n in range(1, 5)]
    return [
        verdicts({A: program[n % 2 :], PROGRAM: program}, number=n)
        for n in range(count)
    ]


def test_intervals_hold_the_figure_and_need_enough_recordings(verdicts):
    (few,) = agreements(many(verdicts, LEAST - 1))
    assert math.isfinite(few.f1.value)
    assert math.isnan(few.f1.low)
    assert math.isnan(few.kappa.low)
    (enough,) = agreements(many(verdicts, 10))
    for found in (enough.f1, enough.kappa):
        assert found.low < found.value < found.high <= 1.0
    # 2 * (5 * 4 + 5 * 3) / (40 + 35), and all alike in one half would be 6/7 or 1
    assert enough.f1.value == pytest.approx(70 / 75)
    assert enough.f1.low >= 6 / 7


def test_full_agreement_on_some_recordings_is_not_certain_agreement(verdicts):
    """Ten recordings agree throughout: kappa has no interval by drawing, and that of
    F1 still reaches below 1 (Clopper and Pearson)."""
    same = [(1.0, 2.0, R)]
    judged = [verdicts({A: same, PROGRAM: same}, number=n) for n in range(10)]
    (pair,) = agreements(judged)
    assert (pair.f1.value, pair.f1.high) == (1.0, 1.0)
    assert pair.f1.low == pytest.approx(0.025 ** (1 / 10))
    assert pair.kappa.value == 1.0
    assert math.isnan(pair.kappa.low)


# --- limits -----------------------------------------------------------------------

SIX = [(1.0, 2.0), (2.0, 2.0), (4.0, 6.0), (3.0, 2.5), (5.0, 5.5), (2.0, 3.0)]


def test_limits_of_agreement_are_those_of_bland_and_altman():
    found = limits_of([[pair] for pair in SIX])
    differences = np.array([1.0, 0.0, 2.0, -0.5, 0.5, 1.0])
    assert found.differences == tuple(differences)
    assert found.means[:3] == (1.5, 2.0, 5.0)
    bias, spread = differences.mean(), differences.std(ddof=1)
    assert found.bias.value == pytest.approx(bias)
    assert found.low.value == pytest.approx(bias - 1.96 * spread)
    assert found.high.value == pytest.approx(bias + 1.96 * spread)
    # the interval of the mean is that of Student's t
    low, high = stats.t.interval(0.95, 5, bias, spread / math.sqrt(6))
    assert (found.bias.low, found.bias.high) == pytest.approx((low, high))
    half = stats.t.ppf(0.975, 5) * spread * math.sqrt(1 / 6 + 1.96**2 / 10)
    assert found.high.high - found.high.value == pytest.approx(half)
    assert found.low.value - found.low.low == pytest.approx(half)


@pytest.mark.parametrize(("n", "tells"), [(LEAST - 1, False), (LEAST, True)])
def test_too_few_is_said_where_a_limit_would_say_nothing(n, tells):
    """The interval of a limit reaches past the mean difference below `LEAST`."""
    found = limits_of([[pair] for pair in SIX[:n]])
    assert math.isfinite(found.bias.value) is tells
    half = stats.t.ppf(0.975, n - 1) * math.sqrt(1 / n + 1.96**2 / (2 * (n - 1)))
    assert bool(half < 1.96) is tells


def test_intervals_cover_as_often_as_they_say():
    """A thousand times twenty differences of mean 1: 95 % of intervals hold 1, and
    about as many hold the true upper limit."""
    rng = np.random.default_rng(5)
    drawn = rng.normal(1.0, 2.0, (1000, 20))
    found = [limits_of([[(0.0, d)] for d in row]) for row in drawn.tolist()]
    holds = np.mean([one.bias.low <= 1.0 <= one.bias.high for one in found])
    upper = 1.0 + 1.96 * 2.0
    holds_limit = np.mean([one.high.low <= upper <= one.high.high for one in found])
    assert 0.93 <= holds <= 0.97
    assert 0.92 <= holds_limit <= 0.98


def test_bursts_of_one_recording_count_as_one_draw():
    """Every recording has a shift of its own: drawing recordings shows that, while
    bursts taken as independent would look four times as sure."""
    rng = np.random.default_rng(6)
    shifts = rng.normal(0.0, 1.0, 12)
    grouped = [[(0.0, shift)] * 16 for shift in shifts.tolist()]
    wide = limits_of(grouped)
    narrow = limits_of([[pair] for pairs in grouped for pair in pairs])
    assert wide.bias.value == pytest.approx(narrow.bias.value)
    ratio = (wide.bias.high - wide.bias.low) / (narrow.bias.high - narrow.bias.low)
    assert 3.0 < ratio < 4.5
    one = limits_of([grouped[0] + grouped[1]])
    assert math.isfinite(one.bias.value)
    assert math.isnan(one.bias.low), "one recording does not tell how sure it is"


def test_the_figure_says_what_it_shows():
    labels = {"title": "T", "mean_label": "m", "difference_label": "d", "digits": 1}
    figure = draw_limits(limits_of([[pair] for pair in SIX]), **labels)
    assert len(figure.points) == 6
    assert len(figure.bands) == 3
    assert figure.words.startswith(
        "6 pairs of 6 recordings. The mean difference is 0.7 ("
    )
    low, high = (line.at for line in figure.lines if line.kind == "limit")
    assert low > high, "upwards is more"
    for x, y in figure.points:
        assert figure.left <= x <= figure.right
        assert figure.top <= y <= figure.bottom
    for band in figure.bands:
        assert figure.top <= band.top <= band.top + band.height <= figure.bottom
    few = draw_limits(limits_of([[pair] for pair in SIX[:3]]), **labels)
    assert len(few.points) == 3
    assert [line.kind for line in few.lines] == ["zero"]
    assert few.words == (
        "Too few to say how far the two differ: 3 here; at least 6 are needed."
    )
    assert draw_limits(limits_of([[SIX[0]]]), **labels).points == ()
    flat = draw_limits(limits_of([[(1.0, 1.0)], [(1.0, 1.0)]]), **labels)
    assert len(flat.points) == 2

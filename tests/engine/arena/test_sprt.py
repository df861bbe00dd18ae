"""The sequential test: published values, what must hold for all counts, and its errors in simulated matches."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from engine.arena.cost import cost_before, cost_of, games_to_tell, half_width_elo, planned_sample
from engine.arena.counts import Counts, sample_of
from engine.arena.elo import score_of_elo
from engine.arena.sprt import Model, Sprt, log_likelihood_ratios

# Published golden values of fastchess's tests; counts from the lowest result to the highest.
GOLDEN: list[tuple[tuple[int, ...], float, float, Model, float]] = [
    ((36027, 68692, 36433), 0, 2, "normalised", 0.92),
    ((10650, 20431, 10871), -1.75, 0.25, "normalised", 2.30),
    ((21184, 40708, 21404), 0.5, 2.5, "logistic", -1.57),
    ((57030, 106593, 57433), 0, 2, "logistic", -2.59),
    ((365, 16618, 36229, 16974, 390), 0, 2, "normalised", 2.25),
    ((127, 4883, 10712, 5150, 104), -1.75, 0.25, "normalised", 3.01),
    ((223, 9863, 21279, 10037, 246), 0.5, 2.5, "logistic", -3.07),
    ((871, 26175, 55983, 26678, 821), 0, 2, "logistic", -4.98),
    ((0, 0, 4250), 0, 10, "normalised", 120.56),
    ((0, 0, 0, 0, 5550), 0, 5, "normalised", 111.82),
]

counted = st.one_of(
    st.lists(st.integers(0, 3000), min_size=3, max_size=3), st.lists(st.integers(0, 3000), min_size=5, max_size=5)
).filter(any)
elos = st.tuples(st.floats(-60, 60), st.floats(0.5, 60)).map(lambda pair: (pair[0], pair[0] + pair[1]))
models = st.sampled_from(["logistic", "normalised"])


def ratio(counts: list[int] | tuple[int, ...], elo0: float, elo1: float, model: Model) -> float:
    return float(log_likelihood_ratios(np.array([counts]), elo0, elo1, model)[0])


@pytest.mark.parametrize(("counts", "elo0", "elo1", "model", "expected"), GOLDEN)
def test_published_values(counts: tuple[int, ...], elo0: float, elo1: float, model: Model, expected: float) -> None:
    assert ratio(counts, elo0, elo1, model) == pytest.approx(expected, rel=0.001, abs=0.006)


@given(counted, elos, models)
def test_swapping_players_and_hypotheses_turns_the_sign(
    counts: list[int], elo: tuple[float, float], model: Model
) -> None:
    found = ratio(counts, *elo, model)
    assert np.isfinite(found)
    assert ratio(counts[::-1], -elo[1], -elo[0], model) == pytest.approx(-found, rel=1e-5, abs=1e-5)


@given(counted, elos, models)
def test_a_win_more_speaks_for_the_higher_hypothesis(counts: list[int], elo: tuple[float, float], model: Model) -> None:
    more = [*counts[:-1], counts[-1] + 50]
    fewer = [counts[0] + 50, *counts[1:]]
    assert ratio(more, *elo, model) > ratio(fewer, *elo, model)


@given(st.lists(st.integers(0, 300), min_size=5, max_size=5).filter(any), elos, models)
def test_more_of_the_same_says_more_of_the_same(counts: list[int], elo: tuple[float, float], model: Model) -> None:
    """The ratio grows in proportion, but for results that did not occur: those count as a thousandth."""
    all_seen = [count + 1 for count in counts]
    once = ratio(all_seen, *elo, model)
    assert ratio([4 * count for count in all_seen], *elo, model) == pytest.approx(4 * once, rel=1e-4, abs=1e-4)


@given(st.lists(st.integers(0, 2000), min_size=5, max_size=5), st.floats(-600, 600), st.floats(1, 600), models)
def test_it_is_a_number_whatever_is_asked(counts: list[int], elo0: float, width: float, model: Model) -> None:
    assert np.isfinite(ratio(counts, elo0, elo0 + width, model)) or not any(counts)


def test_many_matches_at_once_are_each_their_own() -> None:
    rows = np.random.default_rng(3).integers(0, 400, (50, 5)) * np.random.default_rng(4).integers(0, 2, (50, 5))
    rows[:, 2] += 1
    for model in ("logistic", "normalised"):
        together = log_likelihood_ratios(rows, -5, 30, model)
        assert together == pytest.approx([ratio(row, -5, 30, model) for row in rows.tolist()], rel=1e-6, abs=1e-7)
    assert len(log_likelihood_ratios(rows[:0], 0, 10)) == 0


def test_the_fitted_distributions_obey_their_hypothesis() -> None:
    """By the cheap approximation of the documentation of fishtest, which is good where hypotheses are close."""
    counts = np.array([300, 700, 1500, 800, 340])
    size, scores = counts.sum(), np.array([0, 0.25, 0.5, 0.75, 1])
    mean = counts @ scores / size
    variance = counts @ (scores - mean) ** 2 / size
    s0, s1 = score_of_elo(0), score_of_elo(5)
    rough = size * (s1 - s0) * (2 * mean - s0 - s1) / (2 * variance)
    assert ratio(counts.tolist(), 0, 5, "logistic") == pytest.approx(rough, rel=0.01)
    t, t0, t1 = (mean - 0.5) / np.sqrt(2 * variance), 0.0, 5 * np.log(10) / 800
    rough = size * np.log((1 + (t - t0) ** 2) / (1 + (t - t1) ** 2))
    assert ratio(counts.tolist(), 0, 5, "normalised") == pytest.approx(rough, rel=0.01)


def test_pairs_of_independent_games_say_what_the_games_say() -> None:
    losses, draws, wins = shares = np.array([0.3, 0.3, 0.4])
    pairs = [
        losses**2,
        2 * losses * draws,
        2 * losses * wins + draws**2,
        2 * draws * wins,
        wins**2,
    ]
    games = np.round(shares * 200_000).astype(int).tolist()
    for model in ("logistic", "normalised"):
        by_pairs = ratio(np.round(np.array(pairs) * 100_000).astype(int).tolist(), 0, 5, model)
        assert by_pairs == pytest.approx(ratio(games, 0, 5, model), rel=0.02)


@pytest.mark.parametrize(("counts", "verdict"), [((60, 0, 0), "H1"), ((0, 60, 0), "H0"), ((0, 0, 60), "H0")])
def test_it_ends_where_a_result_never_occurs(counts: tuple[int, int, int], verdict: str) -> None:
    test = Sprt(0, 100)
    assert test.verdict(Counts(*counts)) == verdict


def test_nothing_decides_nothing() -> None:
    assert Sprt(0, 10).llr(Counts()) == 0.0
    assert Sprt(0, 10).verdict(Counts()) == "continue"


def test_bounds_are_walds() -> None:
    low, high = Sprt(0, 10).bounds
    assert (low, high) == (pytest.approx(-2.944, abs=1e-3), pytest.approx(2.944, abs=1e-3))
    low, high = Sprt(0, 10, alpha=0.01, beta=0.2).bounds
    assert (low, high) == (pytest.approx(-1.599, abs=1e-3), pytest.approx(4.382, abs=1e-3))


@pytest.mark.parametrize("words", [{"elo0": 5, "elo1": 5}, {"elo0": 5, "elo1": 0}, {"elo0": 0, "elo1": 5, "alpha": 0}])
def test_a_test_that_makes_no_sense_is_refused(words: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="the test's"):
        Sprt(**words)


# --- errors and lengths in simulated matches -------------------------------------------------------------------------

STEP = 10  # pairs between looks


def pair_shares(elo: float, draws: float = 0.2) -> NDArray[np.float64]:
    win = score_of_elo(elo) - draws / 2
    loss = 1 - draws - win
    return np.array([loss**2, 2 * loss * draws, 2 * loss * win + draws**2, 2 * draws * win, win**2])


def simulated(test: Sprt, elo: float, matches: int) -> tuple[float, float]:
    """Share of matches in which H1 was accepted, and games on average."""
    random = np.random.default_rng(7)
    counts = np.zeros((matches, 5), np.int64)
    going, accepted, pairs = np.arange(matches), 0, 0
    while len(going):
        counts[going] += random.multinomial(STEP, pair_shares(elo), len(going))
        pairs += STEP * len(going)
        llr = log_likelihood_ratios(counts[going], test.elo0, test.elo1, test.model)
        low, high = test.bounds
        accepted += int(np.count_nonzero(llr >= high))
        going = going[(llr > low) & (llr < high)]
    return accepted / matches, 2 * pairs / matches


@pytest.mark.parametrize("model", ["logistic", "normalised"])
def test_errors_and_lengths_are_as_promised(model: Model) -> None:
    test = Sprt(0, 60, model=model)
    truth = 60.0 if model == "logistic" else 53.6  # the Elo of 60 normalised Elo at 20 % draws
    wrong, games = simulated(test, 0, 1500)
    right, _ = simulated(test, truth, 1500)
    assert wrong < 0.06
    assert right > 0.94
    assert games == pytest.approx(cost_of(test, planned_sample()).games, rel=0.25)  # it is only looked at now and then


# --- what a question costs -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("elo1", "draws", "games"),
    [(5, 0.05, 24_300), (5, 0.2, 20_500), (10, 0.35, 4_160), (20, 0.5, 800), (50, 0.2, 202)],
)
def test_games_of_a_test_are_those_of_the_planning_table(elo1: float, draws: float, games: float) -> None:
    assert cost_of(Sprt(0, elo1), planned_sample(draws)).games == pytest.approx(games, rel=0.06)


@pytest.mark.parametrize(("elo1", "games"), [(5, 33_500), (10, 8_380), (100, 86)])
def test_the_worst_case_lies_halfway(elo1: float, games: float) -> None:
    assert cost_of(Sprt(0, elo1), planned_sample(0.2)).worst_games == pytest.approx(games, rel=0.05)


PLANNED = {
    5: (24_300, 20_500, 16_600, 12_800, 33_500),
    10: (6_080, 5_120, 4_160, 3_200, 8_380),
    20: (1_520, 1_280, 1_040, 800, 2_100),
    35: (494, 415, 336, 258, 686),
    50: (241, 202, 163, 124, 337),
    100: (59, 49, 39, 28, 86),
}
"""Games at 5, 20, 35 and 50 % draws, and in the worst case at 20 %; alpha and beta 5 %, elo0 0."""


@pytest.mark.parametrize("elo1", PLANNED)
def test_what_it_costs_before_the_first_game_is_that_of_the_planning_table(elo1: int) -> None:
    *games, worst = PLANNED[elo1]
    for draws, planned in zip((0.05, 0.2, 0.35, 0.5), games, strict=True):
        assert cost_before(Sprt(0, elo1), draws, 0).games_if_elo1 == pytest.approx(planned, rel=0.02)
    assert cost_before(Sprt(0, elo1), 0.2, 0).worst_games == pytest.approx(worst, rel=0.02)


@pytest.mark.parametrize(("games", "width"), [(50, 86), (200, 43), (400, 31), (1000, 19), (4000, 9.6), (10_000, 6.1)])
def test_what_a_fixed_number_of_games_tells(games: int, width: float) -> None:
    assert half_width_elo(games, 0.2) == pytest.approx(width, rel=0.025)


def test_a_plain_match_costs_its_games() -> None:
    cost = cost_before(100, 0.2, 30.0)
    assert (cost.games, cost.worst_games, cost.minutes) == (200.0, 200.0, 100.0)
    assert round(cost.half_width_elo) == 43
    test = cost_before(Sprt(0, 20), 0.2, 6.0)
    assert test.minutes == pytest.approx(test.games / 10)
    assert test.worst_minutes == pytest.approx(test.worst_games / 10)
    assert test.games == max(test.games_if_elo0, test.games_if_elo1) < test.worst_games


def test_normalised_elo_costs_the_same_whatever_is_drawn() -> None:
    few, many = (cost_before(Sprt(0, 20, model="normalised"), draws, 1.0) for draws in (0.0, 0.7))
    assert few.games == pytest.approx(many.games)
    assert few.half_width_elo > many.half_width_elo


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((0, 0.2, 1.0), "0 pairs"),
        ((10, 1.0, 1.0), "share of draws"),
        ((10, -0.1, 1.0), "share of draws"),
        ((10, 0.2, -1.0), "-1 s"),
        ((10, 0.2, float("nan")), "nan s"),
        ((Sprt(0, 300), 0.9, 1.0), "no games with 90% draws"),
    ],
)
def test_a_cost_that_cannot_be_told(words: tuple[Sprt | int, float, float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        cost_before(*words)


def test_a_test_that_is_nearly_over_needs_few_games_more() -> None:
    counts = Counts(pentanomial=(10, 20, 40, 28, 16))
    sample, test = sample_of(counts), Sprt(0, 10)
    left = [cost_of(test, sample, llr).games_left for llr in (-2.9, 0.0, 2.0, 2.9, 3.0)]
    assert left[1] > left[2] > left[3] > left[4] == 0.0
    assert left[0] > 0.0


@pytest.mark.parametrize("elo", [-300.0, 300.0])
def test_a_truth_far_outside_needs_few_games(elo: float) -> None:
    score = score_of_elo(elo)
    wins = round(1000 * score)
    sample = sample_of(Counts(wins=wins, losses=1000 - wins))
    cost = cost_of(Sprt(0, 1), sample)
    assert 0 < cost.games_left < cost.games / 20


def test_games_to_tell_the_stronger_fall_with_the_square_of_the_difference() -> None:
    small, large = (sample_of(Counts(wins=500 + lead, losses=500 - lead)) for lead in (10, 20))
    assert games_to_tell(small) == pytest.approx(4 * games_to_tell(large), rel=0.01)
    assert games_to_tell(small) == pytest.approx(9600, rel=0.01)
    assert games_to_tell(sample_of(Counts(wins=5, losses=5))) == float("inf")

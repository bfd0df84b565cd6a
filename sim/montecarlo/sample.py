"""A few trials of a power run with their patients in full: what the report shows of courses.

The first trials by number show what is usual. Three more are chosen by what they decided (typical, lucky,
unlucky); they are examples and enter no average. Under `none` and one acting effect the draws are the same.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.config.config import INERT, SINGLE_EFFECT, Config
from sim.config.effect import Effect
from sim.core.tables import Column, Table, concatenate
from sim.design.tally import FIRST, TRIALS, Tally
from sim.stats.survival import Curve, aalen_johansen, kaplan_meier

DRAWN: Final = "drawn"
_LUCK: Final = (("typical", 0.5), ("lucky", 0.95), ("unlucky", 0.05))
_COMPETING: Final = ("death", "esrd", "rescue")
_SURVIVAL: Final = ("S7", "S9", "S11", "S13")
_INCIDENCE: Final = ("S12",)


def sample(config: Config, tallies: Mapping[str, Tally]) -> dict[str, Table]:
    """The tables of some trials under `none` and one acting effect; nothing where no sample is asked for.

    tallies : for each effect what the finished trials decided.
    They end where the trials of the run do.
    Result  : `roles` (which trial stands for what), `curves` (times to event of the drawn trials), `candidates`,
              and with a column `effect` the other tables of a data set.
    """
    if not config.run.sample:
        return {}
    from sim import pipeline

    config, effects = pipeline.until_decided(config), _two_effects(config)
    shown = effects[-1].name
    found = roles(tallies.get(shown, tallies[INERT]), config.run.sample, config.analysis.endpoints)
    trials = np.unique(found["trial"]).tolist()
    sets = {effect.name: pipeline.cohort_chunk(replace(config, effects=(effect,)), trials) for effect in effects}
    tables = {name: _stacked({effect: each[name] for effect, each in sets.items()}) for name in sets[shown]}
    tables["candidates"] = sets[shown]["candidates"]
    drawn = np.unique(found["trial"][found["role"] == DRAWN])
    return {"roles": found, "curves": curves(tables["endpoints"], drawn), **tables}


def _two_effects(config: Config) -> tuple[Effect, ...]:
    """`none`, and of the acting effects neutral, or else the first."""
    acting = [effect for effect in config.effects if effect.name != INERT]
    given = [effect for effect in config.effects if effect.name == INERT]
    if not acting:
        return tuple(given)
    chosen = next((effect for effect in acting if effect.name == SINGLE_EFFECT), acting[0])
    return (given[0] if given else replace(chosen, name=INERT, p_responder=0.0), chosen)


def roles(tally: Tally, drawn: int, endpoints: Sequence[str]) -> Table:
    """The first `drawn` trials by number, and a typical, a lucky and an unlucky one.

    Trials are ordered by all their responders over the endpoints; lucky stands at 95 % of them, unlucky at 5 %.
    Of equal ones the trial is taken whose counts lie nearest to those usual for their sum, then the lower number.
    Result : rows of `roles`: trial, role, responders (over all endpoints).
    """
    names = [f"{name}_responders" for name in endpoints if f"{name}_responders" in tally.together]
    earliest, counts = (_counts(table, names) for table in (tally.earliest, tally.together))
    number = len(earliest[:drawn])
    chosen = [_at(share, counts, tally.together) for _, share in _LUCK]
    return Table(
        {
            "trial": np.r_[tally.earliest["trial"][:number], tally.together[FIRST][chosen]].astype(np.int32),
            "role": np.array([DRAWN] * number + [name for name, _ in _LUCK]),
            "responders": np.r_[earliest[:number].sum(axis=1), counts[chosen].sum(axis=1)].astype(np.int32),
        }
    )


def _counts(table: Table, names: Sequence[str]) -> NDArray[np.float64]:
    return np.stack([table[name] for name in names], axis=1).astype(np.float64)


def _at(share: float, counts: NDArray[np.float64], together: Table) -> int:
    """The row of the trial at a share of all trials in the order of their responders."""
    total, trials = counts.sum(axis=1), together[TRIALS]
    order = np.argsort(total, kind="stable")
    below = np.cumsum(trials[order])
    wanted = total[order][np.searchsorted(below, share * below[-1])]
    equal = np.flatnonzero(total == wanted)
    usual = (trials[equal] @ counts[equal]) / trials[equal].sum()
    distance = ((counts[equal] - usual) ** 2).sum(axis=1)
    nearest = equal[distance == distance.min()]
    return int(nearest[np.argmin(together[FIRST][nearest])])


def _stacked(tables: Mapping[str, Table]) -> Table:
    return concatenate(
        [Table({"effect": np.full(table.length, effect), **table}) for effect, table in tables.items()]
    )


def curves(endpoints: Table, trials: Column) -> Table:
    """Times to event of some trials under each effect: survival, and incidence where other events compete.

    endpoints : rows of a data set's `endpoints`, with `effect`.
    Result    : rows of `curves`: effect, endpoint, method, time, estimate, low, high, at_risk; the first of each
                curve is day 0.
    """
    chosen = endpoints.where(np.isin(endpoints["trial"], trials) & ~np.isnan(endpoints["time"]))
    parts = [_empty()]
    for effect in dict.fromkeys(chosen["effect"].tolist()):
        for endpoint in (*_SURVIVAL, *_INCIDENCE):
            rows = chosen.where((chosen["effect"] == effect) & (chosen["endpoint"] == endpoint))
            if rows.length:
                parts.append(_curve(effect, endpoint, rows))
    return concatenate(parts)


def _curve(effect: str, endpoint: str, rows: Table) -> Table:
    happens = rows["event"] == 1
    if endpoint in _INCIDENCE:
        competes = ~happens & np.isin(rows["reason"], _COMPETING)
        curve = aalen_johansen(rows["time"], np.where(happens, 1, np.where(competes, 2, 0)))
        return _rows(effect, endpoint, "aalen_johansen", curve, 0.0)
    return _rows(effect, endpoint, "kaplan_meier", kaplan_meier(rows["time"], happens), 1.0)


def _rows(effect: str, endpoint: str, method: str, curve: Curve, start: float) -> Table:
    number = len(curve.time) + 1
    same = {"effect": effect, "endpoint": endpoint, "method": method}
    steps = {
        "time": (0.0, curve.time),
        "estimate": (start, curve.estimate),
        "low": (np.nan, curve.low),
        "high": (np.nan, curve.high),
        "at_risk": (curve.at_risk[0], curve.at_risk),
    }
    return Table(
        {name: np.full(number, value) for name, value in same.items()}
        | {name: np.concatenate(([first], rest)) for name, (first, rest) in steps.items()}
    )


def _empty() -> Table:
    words = {name: np.zeros(0, "<U1") for name in ("effect", "endpoint", "method")}
    return Table(words | {name: np.zeros(0) for name in ("time", "estimate", "low", "high", "at_risk")})

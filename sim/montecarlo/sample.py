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
from sim.stats.survival import Curve, aalen_johansen, kaplan_meier

DRAWN: Final = "drawn"
_LUCK: Final = (("typical", 0.5), ("lucky", 0.95), ("unlucky", 0.05))
_COMPETING: Final = ("death", "esrd", "rescue")
_SURVIVAL: Final = ("S7", "S9", "S11", "S13")
_INCIDENCE: Final = ("S12",)


def sample(config: Config, decided: Mapping[str, Table]) -> dict[str, Table]:
    """The tables of some trials under `none` and one acting effect; nothing where no sample is asked for.

    decided : for each effect what every finished trial decided, one row a trial.
    They end where the trials of the run do.
    Result  : `roles` (which trial stands for what), `curves` (times to event of the drawn trials), `candidates`,
              and with a column `effect` the other tables of a data set.
    """
    if not config.run.sample:
        return {}
    from sim import pipeline

    config, effects = pipeline.until_decided(config), _two_effects(config)
    shown = effects[-1].name
    found = roles(decided.get(shown, decided[INERT]), config.run.sample, config.analysis.endpoints)
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


def roles(decided: Table, drawn: int, endpoints: Sequence[str]) -> Table:
    """The first `drawn` trials by number, and a typical, a lucky and an unlucky one.

    Trials are ordered by all their responders over the endpoints; lucky stands at 95 % of them, unlucky at 5 %.
    Of equal ones the trial is taken whose counts lie nearest to those usual for their sum, then the lower number.
    Result : rows of `roles`: trial, role, responders (over all endpoints).
    """
    stems = [name for name in endpoints if f"{name}_responders" in decided]
    counts = np.stack([decided[f"{name}_responders"] for name in stems], axis=1).astype(np.float64)
    total = counts.sum(axis=1)
    rows = list(range(min(drawn, decided.length)))
    names = [DRAWN] * len(rows)
    for name, share in _LUCK:
        rows.append(_at(share, counts, total))
        names.append(name)
    return Table(
        {
            "trial": decided["trial"][rows],
            "role": np.array(names),
            "responders": total[rows].astype(np.int32),
        }
    )


def _at(share: float, counts: NDArray[np.float64], total: NDArray[np.float64]) -> int:
    """The row at a share of all trials in the order of their responders."""
    wanted = np.quantile(total, share, method="inverted_cdf")
    equal = np.flatnonzero(total == wanted)
    usual = counts[equal].mean(axis=0)
    return int(equal[np.argmin(((counts[equal] - usual) ** 2).sum(axis=1))])


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

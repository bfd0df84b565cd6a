"""A prediction as text that a person can read."""

import math

from sim.core.tables import Row, Table, rows_of


def prediction_text(table: Table, source: str, prior_a: float, prior_b: float) -> str:
    """For each endpoint where it stands, and the probability of success on each basis.

    table : one row for each endpoint, basis and possible final number. source : the folder of the data.
    """
    groups: dict[str, dict[str, list[Row]]] = {}
    for row in rows_of(table):
        groups.setdefault(row["endpoint"], {}).setdefault(row["basis"], []).append(row)
    lines = [f"Where the trial in {source} will end, from its patients so far."]
    for bases in groups.values():
        lines += ["", _standing(next(iter(bases.values()))[0])]
        for basis, rows in bases.items():
            mean = sum(row["final_responders"] * row["probability"] for row in rows)
            expected = f"{mean:.1f} responders expected, {_range(rows)} with 90 %"
            lines.append(f"    {basis:14} success {_success(rows[0])}; {expected}")
    trials = max(row["n_requested"] for row in rows_of(table))
    failed = max(row["n_failed"] for row in rows_of(table))
    lines += [
        "",
        f"beta-binomial: all that counts is who responded so far; prior beta({prior_a:g}, {prior_b:g}) in each "
        "subgroup.",
        "Under an effect: the share of responders among the virtual patients most like each patient on its last",
        f"day, of {trials} virtual trials asked for, {failed} failed; open places take their subgroup's rate.",
        "± Monte Carlo standard error, and how many virtual trials that match these patients would have the same.",
        "An effect is assumed, not estimated from these data: read the rows as what would follow from each.",
    ]
    return "\n".join(lines)


def _success(row: Row) -> str:
    """Predictive probability with its error; exact ones have none."""
    chance, error = row["predictive_probability"], row["predictive_probability_mcse"]
    if math.isnan(row["effective_trials"]):
        return f"{chance:.3f}"
    return f"{chance:.3f} ± {error:.3f} (as of {row['effective_trials']:,.0f} matching trials)"


def _standing(row: Row) -> str:
    needed = "no number succeeds" if math.isnan(row["critical_value"]) else f"{row['critical_value']:.0f} needed"
    return (
        f"{row['endpoint']} ({row['population']}): {row['responders']} of {row['read_out']} read out respond, "
        f"{row['pending']} pending, {row['to_enrol']} to enrol; {needed} of {row['n']:.0f}"
    )


def _range(rows: list[Row]) -> str:
    """The shortest run of final numbers, taken from both ends, that holds at least 90 %."""
    low, high = 0, len(rows) - 1
    mass = sum(row["probability"] for row in rows)
    while low < high:
        out = min((low, high), key=lambda at: float(rows[at]["probability"]))
        if mass - rows[out]["probability"] < 0.9:
            break
        mass -= rows[out]["probability"]
        low, high = (low + 1, high) if out == low else (low, high - 1)
    ends = rows[low]["final_responders"], rows[high]["final_responders"]
    return f"{ends[0]}" if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"

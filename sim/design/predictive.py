"""Predictive probability of success while outcomes are pending: what is known so far, and who is still to come."""

import numpy as np

from sim.core.tables import Table
from sim.design.rules import Plan, Question
from sim.stats import beta_binomial


def predictive_table(endpoint: str, plan: Plan | None, n: int, asked: Question) -> Table:
    """One row for each number read out and responders among them: columns of `predictive`.

    plan : of a rule that is settled by the responders of n; None where no number succeeds (probability 0).
    """
    rows = [(read_out, x) for read_out in range(n + 1) for x in range(read_out + 1)]
    chances = [
        0.0
        if plan is None or plan.critical is None
        else beta_binomial.probability_of_success(plan.critical, n, x, read_out, asked.prior)
        for read_out, x in rows
    ]
    read_out, responders = np.array(rows, dtype=np.int32).T
    return Table(
        {
            "endpoint": np.full(len(rows), endpoint),
            "n": np.full(len(rows), n, np.int32),
            "read_out": read_out,
            "pending": n - read_out,
            "responders": responders,
            "p_success": np.array(chances),
        }
    )

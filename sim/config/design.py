"""The design of the trial: how many patients of which kind, and when an endpoint counts as a success.

n = 10 in two subgroups is the registry's (NCT04835883). It states neither a hypothesis nor a multiplicity rule:
the test, its level and every benchmark rate are assumed.
"""

from dataclasses import dataclass, fields

from sim.config.fields import choice, flag, integer, number, numbers, probability, text


@dataclass(frozen=True)
class Benchmark:
    """The response rate that an endpoint must beat, with the range in which it is plausible."""

    null_rate: float = number(0.0, 1.0, open_low=True)
    LN: float | None = number(0.0, 1.0, open_low=True, optional=True)
    LC: float | None = number(0.0, 1.0, open_low=True, optional=True)
    low: float = probability()
    high: float = probability()
    assumed: bool = flag()

    def rate(self, population: str) -> float:
        """Benchmark for `all`, `LN` or `LC`; a subgroup without a rate of its own has the common one."""
        own = {"LN": self.LN, "LC": self.LC}.get(population)
        return self.null_rate if own is None else own

    def check(self) -> list[str]:
        """Rates below 1 and a range in order."""
        problems = [
            f"{key}: {value!r} is not allowed; it must be below 1, or nothing could beat it"
            for key, value in (("null_rate", self.null_rate), ("LN", self.LN), ("LC", self.LC))
            if value is not None and value >= 1.0
        ]
        if self.low > self.high:
            problems.append(f"low: {self.low!r} is above high = {self.high!r}; exchange them")
        return problems


@dataclass(frozen=True)
class Benchmarks:
    """One benchmark for each endpoint that is decided."""

    P1: Benchmark
    P2: Benchmark
    P3: Benchmark
    S1: Benchmark
    S2: Benchmark
    S3: Benchmark
    S4: Benchmark
    S5: Benchmark
    S6: Benchmark

    @property
    def endpoints(self) -> tuple[str, ...]:
        """Endpoints with a benchmark, in protocol order."""
        return tuple(item.name for item in fields(self))

    def of(self, endpoint: str) -> Benchmark | None:
        """Benchmark of an endpoint, None where it has none."""
        found: Benchmark | None = getattr(self, endpoint) if endpoint in self.endpoints else None
        return found


@dataclass(frozen=True)
class Design:
    """Sample size, composition, enrolment limits and the decision rule."""

    benchmarks: Benchmarks
    name: str = text()
    n: int = integer(1, 10_000, unit="patients")
    n_LN: int | None = integer(0, 10_000, unit="patients", optional=True)
    n_LC: int | None = integer(0, 10_000, unit="patients", optional=True)
    composition: str = choice("quota", "random")
    p_LN: float = probability()
    arrivals_per_week: float = number(0.0, open_low=True, unit="referrals/week")
    max_candidates_LN_per_place: int = integer(1, 1_000_000, unit="candidates")
    max_candidates_LC_per_place: int = integer(1, 1_000_000, unit="candidates")
    rule: str = choice("exact_binomial")
    alpha: tuple[float, ...] = numbers(low=0.0, high=1.0)
    min_n: int = integer(1, 10_000, unit="patients")

    @property
    def quotas(self) -> tuple[int, int]:
        """Places for (LN, LC): the most patients of each that can be enrolled.

        Under `quota` they add up to n; under `random` each place is open to either, so both are n.
        """
        if self.composition == "random":
            return self.n, self.n
        return self._split()

    def planned(self, population: str) -> int | None:
        """Planned patients of `all`, `LN` or `LC`; None where a random composition leaves it to chance."""
        if population == "all":
            return self.n
        if self.composition == "random":
            return None
        return self._split()[("LN", "LC").index(population)]

    def _split(self) -> tuple[int, int]:
        if self.n_LN is not None:
            return self.n_LN, self.n - self.n_LN if self.n_LC is None else self.n_LC
        if self.n_LC is not None:
            return self.n - self.n_LC, self.n_LC
        half = (self.n + 1) // 2
        return half, self.n - half

    def check(self) -> list[str]:
        """Quotas that fit n, a level strictly between 0 and 1, referrals of whoever has places."""
        return self._check_quotas() + self._check_alpha() + self._check_referrals()

    def _check_quotas(self) -> list[str]:
        given = [(key, value) for key, value in (("n_LN", self.n_LN), ("n_LC", self.n_LC)) if value is not None]
        if self.composition == "random":
            return [
                f"{key}: {value} is not allowed; composition = random has no quotas: set {key} to null or "
                "composition to quota"
                for key, value in given
            ]
        if len(given) == 2 and sum(value for _, value in given) != self.n:
            return [
                f"n_LN: {self.n_LN} and n_LC = {self.n_LC} add up to {sum(value for _, value in given)}, not to "
                f"n = {self.n}; change one of the three, or leave n_LN or n_LC null"
            ]
        return [
            f"{key}: {value} is not allowed; it must be at most n = {self.n}: lower it or raise n"
            for key, value in given
            if value > self.n
        ]

    def _check_alpha(self) -> list[str]:
        alpha = list(self.alpha)
        if alpha and all(0.0 < level < 1.0 for level in alpha) and len(set(alpha)) == len(alpha):
            return []
        return [f"alpha: {alpha} is not allowed; it must be a list of different levels above 0 and below 1"]

    def _check_referrals(self) -> list[str]:
        if self.composition == "random":
            return []
        n_ln, n_lc = self._split()
        return [
            f"p_LN: {self.p_LN!r} is not allowed with {places} {kind} places; no {kind} patient would ever be "
            f"referred: choose p_LN above 0 and below 1, or n_{kind} = 0"
            for kind, places, share in (("LN", n_ln, self.p_LN), ("LC", n_lc, 1.0 - self.p_LN))
            if places > 0 and share == 0.0
        ]

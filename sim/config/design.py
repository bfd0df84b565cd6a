"""The design of the trial: how many patients of which kind, and when an endpoint counts as a success.

n = 10 in two subgroups is the registry's (NCT04835883). It states neither a hypothesis nor a multiplicity rule:
the test, its level and every benchmark rate are assumed.
"""

from dataclasses import dataclass, fields, replace

from sim.config.fields import choice, flag, integer, number, numbers, probability, text
from sim.config.rules import PLANNED_RULES, RULES_WITH_TARGET, SUBGROUP_OF, RuleSettings, rule_problems


@dataclass(frozen=True)
class Benchmark:
    """The response rate that an endpoint must beat, with the range in which it is plausible."""

    null_rate: float = number(0.0, 1.0, open_low=True)
    LN: float | None = number(0.0, 1.0, open_low=True, optional=True)
    LC: float | None = number(0.0, 1.0, open_low=True, optional=True)
    low: float = probability()
    high: float = probability()
    target: float = number(0.0, 1.0, open_low=True)
    """The rate worth finding: designs with a wanted power, and stopping, look at it."""
    basis: str = choice("assumed", "published", "model")
    """Where the rate comes from. One from this model makes the rate of false go the size of the test: circular."""

    def at_upper_end(self) -> "Benchmark":
        """The interval null: every population is tested against the highest plausible rate (D117)."""
        return replace(self, null_rate=self.high, LN=None, LC=None)

    def rate(self, population: str) -> float:
        """Benchmark for `all`, `LN` or `LC`; a subgroup without a rate of its own has the common one."""
        own = {"LN": self.LN, "LC": self.LC}.get(population)
        return self.null_rate if own is None else own

    @property
    def highest(self) -> float:
        """The highest of the benchmarks of all, LN and LC."""
        return max(rate for rate in (self.null_rate, self.LN, self.LC) if rate is not None)

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
    tested: str = choice("assumed", "interval_upper")
    """What is tested: each benchmark as it stands, or the upper end of its range (the interval null, D117)."""

    def check(self) -> list[str]:
        """An upper end that is one: not below a benchmark, and below 1."""
        if self.tested == "assumed":
            return []
        return [
            f"{name}.high: {each.high!r} is not allowed with tested = interval_upper, where it is the benchmark; "
            f"it must be at least {each.highest:g}, the highest benchmark of {name}, and below 1"
            for name in self.endpoints
            if not (each := self._given(name)).highest <= each.high < 1.0
        ]

    @property
    def endpoints(self) -> tuple[str, ...]:
        """Endpoints with a benchmark, in protocol order."""
        return tuple(item.name for item in fields(self) if item.name != "tested")

    def of(self, endpoint: str) -> Benchmark | None:
        """Benchmark of an endpoint as it is tested, None where it has none."""
        if endpoint not in self.endpoints:
            return None
        given = self._given(endpoint)
        return given if self.tested == "assumed" else given.at_upper_end()

    def circular(self, endpoint: str) -> bool:
        """Whether the benchmark of an endpoint comes from this model."""
        return endpoint in self.endpoints and self._given(endpoint).basis == "model"

    def _given(self, endpoint: str) -> Benchmark:
        given: Benchmark = getattr(self, endpoint)
        return given


@dataclass(frozen=True)
class Design:
    """Sample size, composition, enrolment limits and the decision rule."""

    benchmarks: Benchmarks
    settings: RuleSettings
    name: str = text()
    n: int = integer(1, 10_000, unit="patients")
    n_LN: int | None = integer(0, 10_000, unit="patients", optional=True)
    n_LC: int | None = integer(0, 10_000, unit="patients", optional=True)
    composition: str = choice("quota", "random")
    p_LN: float = probability()
    arrivals_per_week: float = number(0.0, open_low=True, unit="referrals/week")
    max_candidates_LN_per_place: int = integer(1, 1_000_000, unit="candidates")
    max_candidates_LC_per_place: int = integer(1, 1_000_000, unit="candidates")
    rule: str = text()
    alpha: tuple[float, ...] = numbers(low=0.0, high=1.0)
    min_n: int = integer(1, 10_000, unit="patients")
    safety_stop: bool = flag()
    """Whether the boundary for serious events (settings.serious_…) stops simulated trials (D116)."""

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
        problems = rule_problems(self.rule) or self._check_planned_rule() + self._check_targets()
        if self.settings.boundaries and self.rule != "two_stage":
            problems.append(
                "settings.boundaries: only rule = two_stage reads them; leave them null, or choose that rule"
            )
        return problems + self._check_quotas() + self._check_alpha() + self._check_referrals()

    def _check_targets(self) -> list[str]:
        """A rule that looks at the target needs it above the benchmark."""
        if self.rule not in RULES_WITH_TARGET:
            return []
        return [
            f"benchmarks.{name}.target: {benchmark.target!r} is not allowed with rule = {self.rule}; it must "
            f"be above every benchmark of {name} ({benchmark.highest:g}) and below 1"
            for name in self.benchmarks.endpoints
            if (benchmark := self.benchmarks.of(name)) is not None
            and not benchmark.highest < benchmark.target < 1.0
        ]

    def _check_planned_rule(self) -> list[str]:
        """Numbers of patients that are part of the rule leave neither the level nor the composition open."""
        if self.rule not in PLANNED_RULES:
            return []
        problems = []
        if len(self.alpha) > 1:
            problems.append(
                f"alpha: {list(self.alpha)} is not allowed with rule = {self.rule}, whose numbers of patients "
                "follow from the level; give one, such as [0.05]"
            )
        if self.composition == "random":
            problems.append(
                f"composition: 'random' is not allowed with rule = {self.rule}, whose numbers of patients "
                "are planned; choose composition = quota"
            )
        if self.rule == "two_stage":
            problems += self._check_boundaries()
        return problems

    def _check_boundaries(self) -> list[str]:
        """Given stages: some, and none with more patients than are planned."""
        problems = [
            f"settings.boundaries.{endpoint}: {list(numbers)} needs {numbers[-1]} patients, and {places} are "
            "planned for it; lower n, or raise the design's"
            for endpoint, numbers in (self.settings.boundaries or {}).items()
            if (places := self.planned(SUBGROUP_OF.get(endpoint, "all"))) is not None and numbers[-1] > places
        ]
        if not self.settings.boundaries:
            problems.append(
                "settings.boundaries: null is not allowed with rule = two_stage; give r1, n1, r, n for an "
                "endpoint, such as {P1: [6, 11, 16, 25]}"
            )
        return problems

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

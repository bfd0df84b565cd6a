"""What goes on inside a patient between events: relaxing activities, the dose, and clocks that spend budgets."""

import math

from sim.core.decisions import Clock, Decision
from tests.independent import latent
from tests.independent.drift import Drift
from tests.independent.frailty import frailty
from tests.independent.latent import DOMAIN, MINUTES_PER_DAY, TRACKED, Parameters, Uniform
from tests.independent.measurement import blood_count


class Body:
    """Activities, dose, cells, and the fourteen clocks, at `minute`."""

    def __init__(
        self,
        person: Parameters,
        uniform: Uniform,
        disease: Parameters,
        effect: Parameters,
        observation: Parameters,
    ) -> None:
        self.person, self.uniform = person, uniform
        self.disease, self.effect, self.observation = disease, effect, observation
        self.minute = 0
        self.log_activity = list(person["log_activity"])
        self.trend = latent.trends(uniform, disease["background"], person["subgroup"])
        self.depth = latent.depth(uniform, effect)
        self.drift = Drift(disease, uniform)
        self.frailty = frailty(disease["frailty_variance"], uniform)
        self.acting: set[int] = set()
        self.dose = person["prednisone_dose"]
        self.ordered: dict[int, float] = {}
        self.pulse = 0.0  # intravenous dose that runs now
        self.pulse_days: set[int] = set()
        self.immunosuppressed = self.rescued = False
        self.rings = [0] * len(Clock)
        self.budget = [self.next_budget(clock) for clock in Clock]
        self.rate = [0.0] * len(Clock)
        self.since = [0] * len(Clock)

    @property
    def day(self) -> int:
        return self.minute // MINUTES_PER_DAY

    @property
    def activity(self) -> list[float]:
        """What everything sees: with the drift of the day."""
        return [math.exp(self.log_activity[k] + self.drift.at(k, self.day)) for k in range(len(TRACKED))]

    def relax_to(self, minute: int) -> None:
        for k, name in enumerate(TRACKED):
            self.log_activity[k] = latent.relax(
                self.log_activity[k], self.set_point(k), self.disease["half_time"][name], minute - self.minute
            )
        self.minute = minute

    def set_point(self, k: int) -> float:
        domain = DOMAIN[k]
        strength = (0.0, 1.0, self.effect["both_active"])[len(self.acting)]
        return float(
            self.person["log_activity"][k]
            + self.trend[domain]
            + latent.steroid_term(self.disease, domain, self.dose + self.pulse, self.person["prednisone_dose"])
            - self.effect["domains"][domain] * self.depth * strength
            - self.disease["immunosuppressant_effect"] * self.immunosuppressed
        )

    def flare(self, domain: str, jump: float) -> None:
        for k, belongs in enumerate(DOMAIN):
            if belongs == domain:
                drift = self.drift.at(k, self.day)
                self.log_activity[k] = math.log(math.exp(self.log_activity[k] + drift) + jump) - drift

    # --- clocks

    def next_budget(self, clock: int) -> float:
        return latent.exponential(self.uniform(Decision.WAITING, latent.waiting(clock, self.rings[clock])))

    def next_ring(self, clock: int) -> float:
        ring = latent.ring_minute(self.budget[clock], self.rate[clock], self.since[clock])
        return max(ring, self.minute)

    def ring(self, clock: int) -> int:
        """A clock rings now: how often it had rung before."""
        self.rings[clock] += 1
        self.budget[clock], self.since[clock] = self.next_budget(clock), self.minute
        return self.rings[clock] - 1

    def refresh(self) -> None:
        """Spend the budgets up to now and take the rates of this moment."""
        capped = [min(value, self.disease["activity_cap"]) for value in self.activity]
        lymphocytes = blood_count(self.person, self.observation, "lymphocytes", capped, self.dose)
        yearly = latent.yearly_rates(
            self.person,
            self.disease,
            capped,
            self.dose,
            self.dose_fall(),
            lymphocytes,
            self.immunosuppressed,
            self.rescued,
        )
        for clock in Clock:
            spent = self.minute - self.since[clock]
            self.budget[clock] = latent.spend(self.budget[clock], self.rate[clock], spent)
            factor = self.frailty if clock < Clock.SERIOUS_INFECTION else 1.0
            self.rate[clock] = factor * yearly[clock] / latent.MINUTES_PER_YEAR
            self.since[clock] = self.minute

    # --- dose

    def set_dose(self, dose: float) -> bool:
        """Order a dose; whether it changed."""
        changed = bool(dose != self.dose)
        self.dose = self.ordered[self.day] = dose
        return changed

    def give_pulse(self, dose: float, days: int) -> None:
        self.pulse = dose
        self.pulse_days |= set(range(self.day, self.day + days))

    def shown_dose(self, day: int) -> float:
        """Dose of a day as it is recorded: oral and intravenous."""
        return self.dose_on(day) + (self.disease["orders"]["pulse"]["dose"] if day in self.pulse_days else 0.0)

    def dose_on(self, day: int) -> float:
        """Last oral dose ordered on or before a day."""
        before = [ordered for ordered in self.ordered if ordered <= day]
        return float(self.ordered[max(before)] if before else self.person["prednisone_dose"])

    def dose_fall(self) -> float:
        """1 - dose / highest dose of the 28 days that end with today."""
        window = self.disease["flares"]["taper_window"]
        highest = max(self.dose_on(day) for day in range(self.day - window + 1, self.day + 1))
        return 1.0 - self.dose / highest if highest > 0.0 else 0.0

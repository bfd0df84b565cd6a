"""The whole course of one patient in plain Python: written from the documents, to be compared with the kernel.

The next thing that happens is the smallest (minute, rank, which) of everything that is due. Between two of them
log-activities relax and clocks spend their budgets.
"""

import math
from collections.abc import Iterator
from typing import Any

from sim.core.decisions import Clock, Decision
from tests.independent import latent, long_term, orders
from tests.independent.body import Body
from tests.independent.latent import MINUTES_PER_DAY, TINY, Parameters, Uniform
from tests.independent.measurement import Moment, measure
from tests.independent.repertoire import Repertoire
from tests.independent.taper import Taper

VISITS = ("D0", "D3", "W1", "W4", "W8", "W12", "W12D3", "W13", "W16", "W20", "W24", *long_term.VISITS)
NOMINAL = (0, 3, 7, 28, 56, 84, 87, 91, 112, 140, 168, *long_term.NOMINAL)
AFTER_SECOND = (3, 7, 28, 56, 84)
W12, W16, W24, Y5 = 5, 8, 10, 16
LAST_INFUSION_DAY, LAST_DAY = 112, 210
SCREENING_DAY = -7
# Order within one minute; below 14 the number of a clock.
SWITCH, PULSE_OFF, TICK, VISIT, UNSCHEDULED, TAPER, LONG_TERM, INFUSION, END = 14, 18, 19, 20, 21, 22, 23, 24, 25


def clinic(day: int) -> int:
    return day * MINUTES_PER_DAY + 540


def simulate_patient(
    person: Parameters,
    uniform: Uniform,
    disease: Parameters,
    taper: Parameters,
    effect: Parameters,
    observation: Parameters,
    follow_up: str = "week_24",
) -> dict[str, Any]:
    """The course from day 0: log, daily doses, visits, the screening assessment, the last minute.

    `follow_up`: week_24 or year_5.
    """
    course = Course(person, uniform, disease, taper, effect, observation, follow_up)
    course.run()
    last_day = course.body.minute // MINUTES_PER_DAY
    return {
        "log": course.log,
        "daily_dose": [course.body.shown_dose(day) for day in range(last_day + 1)],
        "visits": course.visits,
        "SCR": course.screening,
        "end_minute": course.body.minute,
    }


class Course:
    """State of a patient and what is due."""

    def __init__(
        self,
        person: Parameters,
        uniform: Uniform,
        disease: Parameters,
        taper: Parameters,
        effect: Parameters,
        observation: Parameters,
        follow_up: str,
    ) -> None:
        self.years = {"week_24": False, "year_5": True}[follow_up]
        self.person, self.uniform, self.disease = person, uniform, disease
        self.effect, self.observation = effect, observation
        self.body = Body(person, uniform, disease, effect, observation)
        self.over = False
        self.log: list[tuple[int, str, int, int, float]] = []
        self.visits: list[Parameters] = []
        self.taper = Taper(taper, self.body.dose, uniform)
        self.switches: list[tuple[int, int]] = []  # (minute, 0 on 1, 1 on 2, 2 off 1, 3 off 2)
        self.given: dict[str, list[int]] = {"ivig": [], "transfusion": [], "gcsf": []}
        self.damage, self.sdi = 1.0, person["sdi"]
        self.repertoire = Repertoire(person, disease["flares"], uniform)
        self.pending: list[tuple[int, int]] = []  # (clock, count)
        self.last_mild_day: int | None = None
        self.infections: list[int] = []
        self.tick = disease["tick_days"] * MINUTES_PER_DAY
        self.scheduled: list[tuple[int, int]] = []  # (minute, visit number)
        self.unscheduled: list[int] = []
        self.unscheduled_so_far = 0
        self.infusions = {0: clinic(0)}
        self.infused = False
        self.end: float = math.inf if self.years else clinic(LAST_DAY)
        self.pulse_off: int | None = None
        self.from_first = observation["visits"]["counted_from"] == "first_infusion"
        self.flares_seen: list[int] = []  # days on which a flare was recognised
        self.reduction_day = long_term.FIRST + disease["long_term"]["interval"]
        self.screening = self.screen()
        self.plan(range(W12 + 1), [*NOMINAL[: W12 + 1]], 0)

    # --- time

    def run(self) -> None:
        self.body.refresh()
        handlers = {
            PULSE_OFF: self.on_pulse_off,
            TICK: self.on_tick,
            VISIT: self.on_scheduled,
            UNSCHEDULED: self.on_unscheduled,
            TAPER: self.on_taper,
            LONG_TERM: self.on_long_term,
            INFUSION: self.on_infusion,
            END: self.on_end,
        }
        while not self.over:
            minute, rank, which = min(self.due())
            self.body.relax_to(int(minute))
            if rank < SWITCH:
                self.on_ring(rank)
            elif rank < PULSE_OFF:
                self.on_switch(which)
            else:
                handlers[rank](which)

    def due(self) -> Iterator[tuple[float, int, int]]:
        for clock in Clock:
            yield self.body.next_ring(clock), clock, clock
        for minute, which in self.switches:
            yield minute, SWITCH + which, which
        if self.pulse_off is not None:
            yield self.pulse_off, PULSE_OFF, 0
        yield self.tick, TICK, 0
        for minute, number in self.scheduled:
            yield minute, VISIT, number
        for day in self.unscheduled:
            yield clinic(day), UNSCHEDULED, day
        if self.taper.due is not None:
            yield clinic(self.taper.due), TAPER, self.taper.due
        yield clinic(self.reduction_day), LONG_TERM, 0
        for infusion, minute in self.infusions.items():
            yield minute, INFUSION, infusion
        yield self.end, END, 0

    @property
    def day(self) -> int:
        return self.body.day

    # --- clocks

    def note(self, kind: str, a: int = 0, b: int = 0, value: float = 0.0) -> None:
        self.log.append((self.body.minute, kind, a, b, value))

    def on_ring(self, clock: int) -> None:
        count = self.body.ring(clock)
        place = latent.slot(clock, count)
        if clock < Clock.SERIOUS_INFECTION:
            self.on_flare(clock, count, place)
        elif clock == Clock.SERIOUS_INFECTION:
            self.on_serious_infection(count, place)
        elif clock == Clock.MILD_INFECTION:
            moderate = self.uniform(Decision.EVENT_DETAIL, 4 * place + 1) < 0.3
            self.note("mild_infection", count, int(moderate))
        elif clock == Clock.ADVERSE_EVENT:
            self.note("adverse_event", count)
        elif clock == Clock.RENAL_DAMAGE:
            self.damage *= self.disease["clocks"]["renal_damage_factor"]
            self.note("renal_damage")
        elif clock == Clock.DAMAGE_INDEX:
            self.sdi += 1
            self.note("damage_index")
        else:
            self.leave(clock, place)

    def leave(self, clock: int, place: int) -> None:
        self.over = True
        if clock == Clock.DROPOUT:
            shares = self.disease["clocks"]["dropout_reasons"]
            self.note("dropout", latent.category(self.uniform(Decision.EVENT_DETAIL, 4 * place), shares))
        else:
            self.note("death" if clock == Clock.DEATH else "pregnancy")

    def on_flare(self, clock: int, count: int, place: int) -> None:
        flares = self.disease["flares"]
        severity = "mild" if clock % 2 else "severe"
        domain = latent.FLARE_DOMAINS[clock // 2]
        z = latent.normal(self.uniform(Decision.FLARE_SIZE, place))
        jump = math.exp(math.log(flares["jump_median"][severity]) + flares["jump_log_sd"][severity] * z)
        self.body.flare(domain, jump)
        self.note("flare", clock, count, jump)
        self.pending.append((clock, count))
        if domain == "extrarenal":
            self.repertoire.flare(severity, place, self.body.minute)
        if self.uniform(Decision.RECOGNITION, 4 * place) < flares["p_unscheduled"][severity]:
            delay = latent.gamma_two(
                flares["delay_mean"][severity],
                self.uniform(Decision.RECOGNITION, 4 * place + 1),
                self.uniform(Decision.RECOGNITION, 4 * place + 2),
            )
            earliest = self.body.minute + math.ceil(1440 * delay)
            self.unscheduled.append(math.ceil((earliest - 540) / MINUTES_PER_DAY))
        self.body.refresh()

    def on_serious_infection(self, count: int, place: int) -> None:
        clocks = self.disease["clocks"]
        self.note("serious_infection", count)
        if self.uniform(Decision.EVENT_DETAIL, 4 * place) < clocks["serious_infection_fatality"]:
            self.over = True
            self.note("death", 1)
            return
        pause = clocks["serious_infection_pause"]
        self.infections.append(self.day)
        self.taper.infection(self.day, pause)
        if 1 in self.infusions:
            self.delay_infusion(self.day + pause)

    # --- cells and hazard grid

    def on_switch(self, which: int) -> None:
        self.switches = [switch for switch in self.switches if switch[1] != which]
        if which < 2:
            self.body.acting.add(which)
            self.note("cells_on", which)
        else:
            self.body.acting.remove(which - 2)
            self.note("cells_off", which - 2)

    def on_tick(self, _: int) -> None:
        self.tick += self.disease["tick_days"] * MINUTES_PER_DAY
        self.body.refresh()

    def on_infusion(self, infusion: int) -> None:
        del self.infusions[infusion]
        self.infused = True
        self.note("infusion", infusion)
        clocks, address = self.disease["clocks"], Decision.INFUSION_REACTION
        if self.uniform(address, 4 * infusion) < clocks["infusion_reaction"]:
            shares = clocks["infusion_reaction_severity"]
            severity = latent.category(self.uniform(address, 4 * infusion + 1), shares)
            day = self.day + (self.uniform(address, 4 * infusion + 2) >= 0.5)
            self.note("reaction", infusion, severity, float(day))
        on, off = latent.acting_minutes(self.uniform, self.effect, infusion)
        self.switches += [(self.body.minute + on, infusion), (self.body.minute + off, infusion + 2)]
        if infusion == 1 and not self.from_first:
            self.plan(range(W12 + 1, W24 + 1), [self.day + after for after in AFTER_SECOND], self.day)

    def delay_infusion(self, day: int) -> None:
        """Put the second infusion on a day, or cancel it where that is too late."""
        if day <= LAST_INFUSION_DAY:
            self.infusions[1] = clinic(day)
            return
        self.cancel_infusion(0)

    def cancel_infusion(self, why: int) -> None:
        """No second infusion: why is 0 for an infection, 1 for a rescue, 2 for a flare."""
        self.infusions.pop(1, None)
        self.note("infusion_cancelled", 1, why)
        if self.from_first:
            return
        self.plan(range(W12 + 1, W24 + 1), [*NOMINAL[W12 + 1 : W24 + 1]], self.day)

    # --- visits

    def plan(self, numbers: range, centers: list[int], today: int) -> None:
        """Give visits their days around the centers; those before today are missed at once."""
        for number, center in zip(numbers, centers, strict=True):
            day = center + self.jitter(number)
            if day < today or clinic(day) < self.body.minute:
                self.miss(number)
            else:
                self.scheduled.append((clinic(day), number))
            if number == W24 and not self.years:
                self.end = min(clinic(day), clinic(LAST_DAY))

    def jitter(self, number: int) -> int:
        width = self.observation["visits"]["window"][VISITS[number]]
        z = latent.normal(self.uniform(Decision.VISIT_JITTER, number))
        return int(max(-width, min(width, math.floor(width / 2 * z + 0.5))))

    def plan_next(self, number: int) -> None:
        """After W24 each visit is planned when the one before it is over; Y0.5 is later than W24."""
        if not self.years or not W24 <= number < Y5:
            return
        day = NOMINAL[number + 1] + self.jitter(number + 1)
        if number == W24:
            day = max(day, self.day + 1)
        self.scheduled.append((clinic(day), number + 1))
        if number + 1 == Y5:
            self.end = clinic(day)

    def miss(self, number: int) -> None:
        self.note("missed", number)
        name, planned = VISITS[number], NOMINAL[number]
        self.visits.append({"visit": name, "planned_day": planned, "day": None, "attended": False})
        self.plan_next(number)

    def on_scheduled(self, number: int) -> None:
        self.scheduled = [visit for visit in self.scheduled if visit[1] != number]
        missed = self.uniform(Decision.VISIT_MISSED, number) < self.observation["visits"]["p_missed"]
        if missed and number not in {0, W12}:
            self.miss(number)
            return
        self.note("visit", number)
        if VISITS[number] in long_term.T_CELLS_ALONE:
            self.visits.append(self.see(VISITS[number], NOMINAL[number]) | {"assessed": False})
        else:
            self.attend(VISITS[number], NOMINAL[number], number)
        self.plan_next(number)
        if number == W12:
            pause = self.disease["clocks"]["serious_infection_pause"]
            recent = [day for day in self.infections if day >= self.day - pause]
            if self.from_first:
                self.plan(range(W16, W24 + 1), [*NOMINAL[W16 : W24 + 1]], self.day)
            rule = self.disease["orders"]["second_infusion"]
            if rule == "withheld_after_flare" and self.flares_seen:
                self.cancel_infusion(2)
            elif rule != "given" and self.body.rescued:
                self.cancel_infusion(1)
            else:
                self.delay_infusion(max(recent) + pause if recent else self.day)

    def on_unscheduled(self, _: int) -> None:
        self.unscheduled_so_far += 1
        self.note("unscheduled", self.unscheduled_so_far)
        self.attend(f"U{self.unscheduled_so_far}", None, -1)

    def attend(self, name: str, planned: int | None, number: int) -> None:
        """Measure, recognise what is pending, order."""
        self.repertoire.recognise(self.day)
        seen = self.see(name, planned) | {"assessed": True}
        self.visits.append(seen)
        recognised, self.pending, self.unscheduled = sorted(self.pending), [], []
        self.give_orders(seen, [clock for clock, _ in recognised], number)

    def see(self, name: str, planned: int | None) -> Parameters:
        seen = {"visit": name, "planned_day": planned, "attended": True, "minute": self.body.minute}
        return long_term.taken(name, seen | self.record(self.moment()))

    def moment(self) -> Moment:
        return Moment(
            day=self.day,
            activity=self.body.activity,
            dose=self.body.dose,
            damage=self.damage,
            sdi=self.sdi,
            item_owned=self.repertoire.owned,
            item_threshold=self.repertoire.threshold,
            cns_item=self.repertoire.cns_at(self.body.minute),
            recent=self.repertoire.recent(self.day),
            infused=self.infused,
            ivig_days=self.given["ivig"],
            transfusion_days=self.given["transfusion"],
            gcsf_days=self.given["gcsf"],
        )

    def record(self, now: Moment) -> Parameters:
        truth = {"day": now.day, "activity": now.activity, "dose": now.dose, "damage": now.damage, "sdi": now.sdi}
        return truth | measure(self.person, self.observation, self.uniform, now, self.disease["activity_cap"])

    def screen(self) -> Parameters:
        """The assessment on day -7, in the state of enrolment."""
        now = Moment(
            day=SCREENING_DAY,
            activity=[math.exp(value) for value in self.person["log_activity"]],
            dose=self.body.dose,
            damage=1.0,
            sdi=self.sdi,
            item_owned=self.repertoire.owned,
            item_threshold=self.repertoire.threshold,
            cns_item=self.person["cns_item"],
        )
        seen = {"visit": "SCR", "planned_day": SCREENING_DAY, "attended": True, "minute": clinic(SCREENING_DAY)}
        return seen | self.record(now)

    # --- orders

    def assessments(self) -> list[Parameters]:
        """Attended visits at which somebody assessed the patient."""
        return [visit for visit in self.visits if visit["attended"] and visit["assessed"]]

    def give_orders(self, seen: Parameters, recognised: list[int], number: int) -> None:
        rule, weight, before = self.disease["orders"], self.person["weight"], self.body.dose
        chances = [0.0]
        changed = False
        if recognised:
            order = orders.flare_order(recognised, self.day, self.last_mild_day, rule)
            for clock in recognised:
                self.note("recognised", clock, int(order != orders.MILD))
            if any(clock % 2 for clock in recognised):
                self.last_mild_day = self.day
            self.flares_seen.append(self.day)
            changed = self.body.set_dose(orders.flare_dose(order, self.body.dose, weight, rule))
            self.taper.flare_ordered(self.day, rule["hold_days"])
            self.note("order_dose", order, value=self.body.dose)
            names = {orders.SEVERE: "severe", orders.SECOND: "second_mild"}
            if order in names:
                chances.append(rule[f"p_immunosuppressant_{names[order]}"])
        if number == W12 and self.person["subgroup"] == 0:
            chances.append(self.week_twelve_chance(seen))
        rescue = self.maybe_immunosuppress(max(chances))
        if changed and self.body.dose > before and self.body.dose > rule["rescue_above_per_kg"] * weight + TINY:
            self.note("steroid_rescue", value=self.body.dose)
            rescue = True
        if recognised and order == orders.SEVERE and self.maybe_pulse(rule["pulse"]):
            rescue = True
        if self.person["subgroup"] == 1:
            start = self.assessments()[0]
            for kind in orders.cytopenia_rescues(seen, start, self.given, self.disease["cytopenia"], self.uniform):
                self.given[kind].append(self.day)
                self.note(kind)
                rescue = True
        self.body.rescued = self.body.rescued or rescue
        if changed or rescue:
            self.body.refresh()

    def week_twelve_chance(self, seen: Parameters) -> float:
        earlier = [visit for visit in self.assessments() if visit["day"] <= self.day - 7]
        return orders.week_twelve(self.assessments()[0], [earlier[-1], seen], self.disease["week12"])

    def maybe_immunosuppress(self, chance: float) -> bool:
        if not self.uniform(Decision.ORDER_IMMUNOSUPPRESSANT, self.day + 64) < chance:
            return False
        self.note("immunosuppressant", int(not self.body.immunosuppressed))
        self.body.immunosuppressed = True
        return True

    def maybe_pulse(self, pulse: Parameters) -> bool:
        if not self.uniform(Decision.ORDER_PULSE, self.day + 64) < pulse["p_severe"]:
            return False
        self.body.give_pulse(pulse["dose"], pulse["days"])
        self.pulse_off = self.body.minute + pulse["days"] * MINUTES_PER_DAY
        self.note("pulse", pulse["days"], value=pulse["dose"])
        return True

    def on_pulse_off(self, _: int) -> None:
        self.pulse_off, self.body.pulse = None, 0.0
        self.note("pulse_off")

    # --- corticosteroid and end

    def on_taper(self, day: int) -> None:
        phase = self.taper.phase
        assessments = [visit["pga"] for visit in self.assessments()]
        baseline = (self.screening["pga"] + assessments[0]) / 2
        result, dose = self.taper.attempt(day, self.body.dose, assessments, baseline)
        if result == "over":
            return
        changed = self.body.set_dose(dose) if result == "step" else False
        self.note(result, int(result == "step" and phase != "schedule"), value=self.body.dose)
        if changed:
            self.body.refresh()

    def on_long_term(self, _: int) -> None:
        rule, today = self.disease["long_term"], self.reduction_day
        self.reduction_day += rule["interval"]
        back = self.taper.phase != "schedule"
        if back or not long_term.reduces(
            rule, today, self.body.dose, self.flares_seen, self.assessments()[-1]["pga"]
        ):
            return
        self.body.set_dose(max(rule["floor"], self.body.dose - rule["step"]))
        self.note("step", 2, value=self.body.dose)
        self.body.refresh()

    def on_end(self, _: int) -> None:
        self.over = True
        self.note("end")

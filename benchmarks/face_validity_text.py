"""The page around the face-validity table, in plain words."""

from collections.abc import Sequence
from typing import Final

BASIS: Final = {
    "fitted": "parameters were set so that this figure comes out; agreement shows that the fit is in the code",
    "chosen": "not fitted by search, but the assumption was chosen with this figure in view",
    "input": "the figure is an input, read back at the far end; agreement shows that nothing is lost on the way",
    "same inputs": "another calculation from the same assumptions; agreement shows that two programs agree",
    "judgement": "the target itself is an opinion",
    "–": "shown for comparison, no target",
}
"""What agreement is worth, by the word in the table; no row deserves the word `independent`."""

_HEAD: Final = (
    "id", "what is simulated", "figure to compare with", "accepted", "simulated", "Monte Carlo SE", "verdict",
    "basis", "beside it",
)  # fmt: skip

_OPENING: Final = """\
# Face validity

Does the simulator give patients who look like those in the literature? The table compares the two, under the
assumption that the cells do nothing (effect `none`) unless a row says otherwise. It is made by

    python benchmarks/face_validity.py --patients {patients} --write docs/validation.md

from a checkout in which the project is installed (`pip install -e .`), and comes out the same each time:
{patients} virtual patients or more for each row, the seed and all else as in `conf/`. "Accepted" is an interval
for the true value, set before the run; nothing is tuned by this page. A verdict reads the point estimate; where
two Monte Carlo standard errors (SE) reach across a limit, it says so.
"""

_MEANING: Final = """\
## What it shows, and what it does not

- **No row is an independent validation.** Wherever a published figure exists, somebody looked at it when the
  assumptions were made. A validation would emulate trials that nobody used, each with its own eligibility, taper,
  schedule and definitions, before looking at their results. That is not done yet.
- It shows that the program does what its assumptions say, from the latent disease through noise, visits,
  physicians and scoring to the endpoint. An error in the code would move some of these rows.
- It says nothing about the cells. Nothing here tests the size or duration of their effect, which rest on
  uncontrolled series and one small randomised trial.
- The control arms of rows 1 and 2 are not the patients of this trial: they started induction therapy (1), or had
  active lupus of every kind (2). Row 12, the response of patients whom standard therapy has failed, has no
  published counterpart at all; its target is an opinion.
- Row 9 shows how much P1 and S1 depend on what physicians do with the taper.
- Rows 10e and 10f stand against rounded figures that do not quite agree (4 candidates are 75 % failures, not
  77 %); they depend on whether lymphopenia alone qualifies (reading X05), as shown beside 10f.
- The bounds of rows 5a to 5d are for one kind of false alarm each. Beside 5c: an extrarenal flare (a new BILAG A,
  or two new B, outside the kidney) is a part of treatment failure (S11) that noise makes more often.
"""

_CONFIGURATIONS: Final = """\
## Who is simulated

- **Induction** (1): `disease=induction`, `taper.forced=true`, patients with nephritis who meet the literal
  laboratory rule (ALL3). Shares are of those measured at the visit; beside, those lost count as failures.
- **Flares** (2): `disease=refractory`, `taper=t24`, nephritis, ALL3. A flare counts when it is recognised at a
  visit within 24 weeks, with the severity it has in truth; "latent" counts those that nobody has recognised too.
- **Stable** (3, 4, 5, 6, 8): nothing changes but the noise. The overrides, beside `effect=none`, are

{stable}

  Row 3 adds `population.nephritis.upcr_median=3.0` and `upcr_log_sd=0.001`. Rows 6 look at day 0, which no course
  can have changed. Row 4 takes the visits with serology of their own (day 0, weeks 4 to 24).
- **Platelets** (7): P2 as the trial scores it at week 24, so that rescue, drop-out or a dose above that of day 0
  is non-response; 7b with everybody referred for thrombocytopenia
  (`population.cytopenia.primary.platelets=1.0`).
- **Steroid** (9), **enrollment** (10): the registry's trial, five patients with nephritis, five with cytopenia.
- **Second program** (11, 13): true values, three noisy samples and the rule, written again in plain NumPy for
  nephritis alone; it shares the figures of `conf/` with the simulator and no code. The other criteria are left
  out. Selection on noisy samples makes the next sample better although nobody has changed; row 13 is that shift.
"""


def document(lines: Sequence[str], patients: int, stable: Sequence[str]) -> str:
    """The page: lines of the table, number of patients a row, and the overrides that make a patient stable."""
    legend = "\n".join(f"- **{word}**: {meaning}." for word, meaning in BASIS.items())
    overrides = "\n".join(f"      {override}" for override in stable[1:])
    return "\n".join(
        [
            _OPENING.format(patients=patients),
            table(lines),
            "",
            "Basis, that is what agreement is worth:",
            "",
            legend,
            "",
            _MEANING,
            _CONFIGURATIONS.format(stable=overrides),
        ]
    )


def table(lines: Sequence[str]) -> str:
    """Markdown table of the rows' lines."""
    return "\n".join([f"| {' | '.join(_HEAD)} |", "|" + "---|" * len(_HEAD), *lines])

"""How a clinic records flares and renal events (X36): the readings of the twin, each with its default first."""

from dataclasses import dataclass

FLARE_OPTIONS = {
    "proteinuric": ("response", "multiples", "response_only"),
    "nadir": ("mean_of_two", "single"),
    "dated": ("first", "confirmation"),
    "extrarenal_new_b": (2, 3),
    "sustained": ("uninterrupted", "any_later"),
    "hematologic_best": ("mean_of_two", "single"),
    "hematologic_fall_needed": (True, False),
    "hematologic_confirmed": (True, False),
}


@dataclass(frozen=True)
class FlareReadings:
    """One reading of each rule."""

    proteinuric: str = "response"
    nadir: str = "mean_of_two"
    dated: str = "first"
    extrarenal_new_b: int = 2
    sustained: str = "uninterrupted"
    hematologic_best: str = "mean_of_two"
    hematologic_fall_needed: bool = True
    hematologic_confirmed: bool = True


USUAL_FLARES = FlareReadings()

"""The other ways to read the record, and the other assumptions, under which a result is looked at again."""

from dataclasses import dataclass

from sim.config.fields import texts


@dataclass(frozen=True)
class NullReadings:
    """Alternatives by name, each as the words of the command line that choose it (KEY=VALUE or GROUP=NAME).

    readings    : other readings of a sentence of the record; names begin with the reading's id.
    assumptions : other values of what is assumed.
    worlds      : worlds that differ in one cause of improvement, which take the null rate apart.
    """

    readings: dict[str, str] = texts()
    assumptions: dict[str, str] = texts()
    worlds: dict[str, str] = texts()

    def check(self) -> list[str]:
        """A name stands for one alternative."""
        names = [*self.readings, *self.assumptions, *self.worlds]
        return [
            f"{name}: stands {names.count(name)} times; give each alternative its own name"
            for name in dict.fromkeys(names)
            if names.count(name) > 1
        ]

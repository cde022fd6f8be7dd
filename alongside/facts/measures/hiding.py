"""One measure's figures with small numbers hidden: its total and every breakdown of it as one table that adds up."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from alongside.facts.measures.rules import Counts, Figure, Group, Kind, Measure
from alongside.facts.measures.suppression import Sum, hidden

By = tuple[str, ...]
Place = tuple[By, Group, str]
# What each group's numbers are, and which of them is which others together.
LAYOUTS: Mapping[Kind, Mapping[str, tuple[str, ...]]] = {
    Kind.COUNT: {"n": ()},
    Kind.SHARE: {"numerator": (), "rest": (), "n": ("numerator", "rest"), "missing": (), "eligible": ("n", "missing")},
    Kind.DAYS: {"n": (), "missing": (), "eligible": ("n", "missing")},
}


@dataclass
class Layout:
    """Cells of a table in their order, and the sums between them. `never` are cells that stand for what is unknown."""

    places: dict[Place, int] = field(default_factory=dict)
    values: list[int] = field(default_factory=list)
    sums: list[Sum] = field(default_factory=list)
    never: set[int] = field(default_factory=set)

    def add(self, value: int) -> int:
        self.values.append(value)
        return len(self.values) - 1

    def unknown(self, value: int) -> int:
        self.never.add(place := self.add(value))
        return place


def numbers(measure: Measure, counts: Counts) -> dict[str, int]:
    """A group's whole numbers, by the names of its layout."""
    if measure.kind == Kind.COUNT:
        return {"n": counts.numbers["numerator"]}
    eligible = counts.numbers["eligible"]
    if measure.kind == Kind.DAYS:
        happened = sum(counts.days.values())
        return {"n": happened, "missing": eligible - happened, "eligible": eligible}
    part, whole = counts.numbers["numerator"], counts.numbers["denominator"]
    return {"numerator": part, "rest": whole - part, "n": whole, "missing": eligible - whole, "eligible": eligible}


def laid_out(measure: Measure, tables: Mapping[By, Sequence[Counts]]) -> Layout:
    """The whole table: each group's own sums, and each breakdown's with the total."""
    layout, names = Layout(), LAYOUTS[measure.kind]
    for by, found in tables.items():
        for counts in found:
            for name, number in numbers(measure, counts).items():
                layout.places[by, counts.group, name] = layout.add(number)
            layout.sums += [
                Sum(layout.places[by, counts.group, name], tuple(layout.places[by, counts.group, part] for part in of))
                for name, of in names.items() if of
            ]  # fmt: skip
    for by, found in tables.items():
        for name in names if by and found else ():
            _add_up(layout, layout.places[(), (), name], [layout.places[by, each.group, name] for each in found])
    return layout


def _add_up(layout: Layout, total: int, parts: Sequence[int]) -> None:
    """A breakdown with its total. Where people are in several groups, nobody knows how many are."""
    over = sum(layout.values[each] for each in parts) - layout.values[total]
    if over == 0:
        layout.sums.append(Sum(total, tuple(parts)))
    elif over > 0:
        together = layout.unknown(layout.values[total] + over)
        layout.sums += [Sum(together, tuple(parts)), Sum(together, (total, layout.unknown(over)))]
    else:
        layout.sums.append(Sum(total, (*parts, layout.unknown(-over))))


def shown(measure: Measure, tables: Mapping[By, Sequence[Counts]], *, width: int) -> frozenset[Place]:
    """The numbers that may be shown, by breakdown, group and name."""
    layout = laid_out(measure, tables)
    gone = hidden(layout.values, layout.sums, width=width, never=layout.never)
    return frozenset(place for place, cell in layout.places.items() if cell not in gone)


def masked(figure: Figure, may: Collection[str]) -> Figure:
    """An exact figure with what may not be shown taken out, and whatever was worked out of it."""
    counted = "n" in may and (figure.kind != Kind.SHARE or "numerator" in may)
    covered = {"n", "eligible"} <= set(may)
    return replace(
        figure, protected=True, withheld="n" not in may, parts={},
        value=figure.value if counted else None, n=figure.n if "n" in may else None,
        numerator=figure.numerator if counted else None,
        denominator=figure.denominator if "n" in may else None,
        coverage=figure.coverage if covered or figure.kind == Kind.COUNT else None,
        low=figure.low if counted else None, high=figure.high if counted else None,
    )  # fmt: skip


def names_of(by: By, group: Group, may: Iterable[Place]) -> frozenset[str]:
    """Which of a group's numbers may be shown."""
    return frozenset(name for of, which, name in may if (of, which) == (by, group))

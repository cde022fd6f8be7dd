"""A lifecycle is one table of moves: it makes an action legal, a button visible and a diagram true."""

from collections.abc import Iterator
from dataclasses import dataclass

from alongside.core.errors import RuleBroken


@dataclass(frozen=True)
class Move:
    """One verb from one or several states to a target; `needs` is the permission to make it.

    `undoes`: it takes back an end that was a mistake, and what it leaves is an end all the same.
    """

    name: str
    source: str | tuple[str, ...]
    target: str
    needs: str
    undoes: bool = False

    @property
    def sources(self) -> tuple[str, ...]:
        return (self.source,) if isinstance(self.source, str) else self.source


class Lifecycle:
    """The moves of one record. A new record is in the source of the first move; its state is stored, never derived."""

    def __init__(self, name: str, *moves: Move) -> None:
        self.name = name
        self.moves = moves
        self._targets: dict[tuple[str, str], str] = {}
        self._needs: dict[str, str] = {}
        for move in moves:
            self._add(move)

    def _add(self, move: Move) -> None:
        if self._needs.setdefault(move.name, move.needs) != move.needs:
            raise ValueError(f"{self.name}: {move.name} needs two different permissions")
        for source in move.sources:
            if (source, move.name) in self._targets:
                raise ValueError(f"{self.name}: {move.name} from {source} is declared twice")
            self._targets[source, move.name] = move.target

    @property
    def initial(self) -> str:
        return self.states[0]

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in the order in which the table first names it."""
        return tuple(dict.fromkeys(state for move in self.moves for state in (*move.sources, move.target)))

    @property
    def final(self) -> tuple[str, ...]:
        """Where a record ends: nothing leads on from there."""
        on = {state for move in self.moves if not move.undoes for state in move.sources if state != move.target}
        return tuple(state for state in self.states if state not in on)

    def needs(self, move: str) -> str:
        """The permission for a move; LookupError if the table has no such move."""
        return self._needs[move]

    def target(self, state: str, move: str) -> str:
        """Where the move leads from this state; RuleBroken if it may not be made from here."""
        self.needs(move)
        if (state, move) not in self._targets:
            raise RuleBroken(f"You cannot {_words(move)} this {_words(self.name)}: it is {_words(state)}.")
        return self._targets[state, move]

    def moves_from(self, state: str) -> tuple[Move, ...]:
        return tuple(move for move in self.moves if state in move.sources)

    def mermaid(self) -> str:
        return "\n".join(["stateDiagram-v2", *(f"    {line}" for line in self._lines())]) + "\n"

    def _lines(self) -> Iterator[str]:
        yield f"[*] --> {self.initial}"
        for move in self.moves:
            yield from (f"{source} --> {move.target}: {_words(move.name)}" for source in move.sources)
        yield from (f"{state} --> [*]" for state in self.final)


def _words(code: str) -> str:
    return code.replace("_", " ").lower()

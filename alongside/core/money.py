"""Money as whole pence: read strictly, shown with commas, shared out without losing a penny."""

import re
from collections.abc import Sequence

from alongside.core.errors import RuleBroken

AMOUNT = re.compile(r"(?P<minus>-?)£?(?P<pounds>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<pence>\d{2}))?", re.ASCII)


def parse(text: str) -> int:
    """Pence in `£1,234.56`, `1234.56`, `1234` or `-£5.00`; anything else is refused rather than guessed."""
    found = AMOUNT.fullmatch(text.strip())
    if not found:
        raise RuleBroken(f"“{text}” is not an amount of money. Write it like £1,234.56.")
    pence = int(found["pounds"].replace(",", "")) * 100 + int(found["pence"] or 0)
    return -pence if found["minus"] else pence


def format(pence: int) -> str:
    pounds, rest = divmod(abs(pence), 100)
    return f"{'-' if pence < 0 else ''}£{pounds:,}.{rest:02}"


def split(pence: int, weights: Sequence[int]) -> tuple[int, ...]:
    """Shares in proportion to the weights that add up to the whole.

    Pennies left over go to the largest remainders, the earliest first, so the same call always gives the same shares.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must not be negative and one must be positive")
    sign = -1 if pence < 0 else 1
    shares = [abs(pence) * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(abs(pence) * weights[i] % whole))
    for i in by_remainder[: abs(pence) - sum(shares)]:
        shares[i] += 1
    return tuple(sign * share for share in shares)

"""The one exception that an action raises when a rule forbids what was asked."""


class RuleBroken(Exception):
    """Plain words for the person who asked; `field` names the form field to put them beside."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field

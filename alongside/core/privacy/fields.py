"""Sealed fields: a column that holds an envelope, written and read on purpose and never by accident."""

from typing import Any

from django.db import models

from alongside.core.privacy import crypt


class SealedField(models.BinaryField):
    """Text sealed for the person named by the model's `owner` column. Use `write` and `read`."""

    def __init__(self, *args: Any, owner: str = "person_id", **words: Any) -> None:
        self.owner = owner
        words.setdefault("default", b"")
        words.setdefault("blank", True)
        super().__init__(*args, **words)

    def deconstruct(self) -> Any:
        name, path, args, words = super().deconstruct()
        return name, path, args, {**words, "owner": self.owner}

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, str):
            raise TypeError(f"{self.name} is sealed: set it with privacy.fields.write, not as plain text.")
        return super().get_db_prep_value(value, connection, prepared)


def _field(record: models.Model, column: str) -> SealedField:
    field = record._meta.get_field(column)
    assert isinstance(field, SealedField), f"{column} is not sealed"
    return field


def write(record: models.Model, **texts: str) -> None:
    """Seals texts onto an unsaved or saved record; an empty text is kept empty."""
    for column, text in texts.items():
        owner = getattr(record, _field(record, column).owner)
        table = record._meta.db_table
        setattr(record, column, crypt.seal(owner, table, record.pk, column, text) if text else b"")


def read(record: models.Model, column: str) -> str:
    """The text of a sealed column; empty when nothing was sealed. Raises SealBroken."""
    envelope = bytes(getattr(record, column) or b"")
    owner = getattr(record, _field(record, column).owner)
    return crypt.unseal(owner, record._meta.db_table, record.pk, column, envelope) if envelope else ""

"""The privacy register: every field of every model filed as identity, special, sensitive or neutral."""

from dataclasses import dataclass

from django.db.models import Model

from alongside.core.rows.declared import ours

FILES = ("identity", "special", "sensitive", "neutral")


@dataclass(frozen=True)
class Filing:
    """How one model's fields are filed, and how long its rows are kept."""

    model: str
    table: str
    retention: str
    files: dict[str, tuple[str, ...]]
    unfiled: tuple[str, ...]
    doubled: tuple[str, ...]
    unknown: tuple[str, ...]


def filing(model: type[Model]) -> Filing:
    """One model's filing, with what is wrong in it."""
    privacy = getattr(model, "Privacy", None)
    files = {name: tuple(getattr(privacy, name, ())) for name in FILES}
    filed = [field for names in files.values() for field in names]
    fields = {field.name for field in model._meta.local_concrete_fields if field.column} | {
        field.name for field in model._meta.local_many_to_many
    }
    return Filing(
        model=model._meta.label,
        table=model._meta.db_table,
        retention=getattr(privacy, "retention", ""),
        files=files,
        unfiled=tuple(sorted(fields - set(filed))),
        doubled=tuple(sorted({name for name in filed if filed.count(name) > 1})),
        unknown=tuple(sorted(set(filed) - fields - {"id"})),
    )


def register() -> list[Filing]:
    """Every model of the project, in order of its name."""
    return sorted((filing(model) for model in ours()), key=lambda found: found.model)

"""The core application."""

from django.apps import AppConfig
from django.db.models import CharField

from alongside.core.rows.lookups import Begins


class CoreConfig(AppConfig):
    name = "alongside.core"
    label = "core"

    def ready(self) -> None:
        CharField.register_lookup(Begins)

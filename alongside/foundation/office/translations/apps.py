"""The app of translations; what an office writes are rows of the rulebook."""

from django.apps import AppConfig


class TranslationsConfig(AppConfig):
    name = "alongside.foundation.office.translations"
    label = "translations"

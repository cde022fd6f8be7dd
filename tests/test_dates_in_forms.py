"""Two dates on one form: what is wrong says of which."""

from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps
from django.forms import BaseForm

from alongside.core.pages.fields import DateBoxesField


def _forms(kind: type[BaseForm] = BaseForm) -> Iterator[type[BaseForm]]:
    for one in kind.__subclasses__():
        yield one
        yield from _forms(one)


def test_no_form_has_two_dates_that_its_errors_call_alike() -> None:
    for app in apps.get_app_configs():
        if app.name.startswith("alongside.") and find_spec(f"{app.name}.forms"):
            import_module(f"{app.name}.forms")
    for form in set(_forms()):
        names = Counter(
            field.name for field in getattr(form, "base_fields", {}).values() if isinstance(field, DateBoxesField)
        )
        assert all(count == 1 for count in names.values()), (form, names)

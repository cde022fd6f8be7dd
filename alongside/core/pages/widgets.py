"""Turns a bound field of a plain Django form into the parameters of the GOV.UK macro that draws it."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from alongside.core.pages.complaints import complaints
from alongside.core.pages.fields import DateBoxes
from alongside.core.pages.languages import in_words, page_language, spoken

Params = dict[str, Any]
HANDLED = {"id", "class", "autocomplete", "inputmode", "maxlength", "minlength"} | {
    "rows",
    "cols",
    "required",
    "aria-describedby",
    "aria-invalid",
}
KINDS: tuple[tuple[type[forms.Widget], str], ...] = (
    (DateBoxes, "date"),
    (forms.HiddenInput, "hidden"),
    (forms.PasswordInput, "password"),
    (forms.FileInput, "file"),
    (forms.Textarea, "textarea"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.Select, "select"),
    (forms.CheckboxInput, "checkbox"),
)
GROUPED = {"date", "checkboxes", "radios"}


def describe(form: forms.BaseForm, name: str, options: Params) -> Params:
    """`kind` names the macro and `params` are its parameters; options are those of the macro `field`."""
    bound = form[name]
    kind = next((kind for widget, kind in KINDS if isinstance(bound.field.widget, widget)), "text")
    params = {**_base(bound, options), **_worded(bound, kind, options), **SPECIFIC[kind](bound, options)}
    return {"kind": kind, "params": params}


def error_list(form: forms.BaseForm) -> list[Params]:
    """Every error in the order of the page, each with a link to its field; the form's own first."""
    found: list[Params] = [{"text": in_words(str(error))} for error in form.non_field_errors()]
    for bound in form:
        found += [{"text": in_words(error), "href": f"#{_first_id(bound)}"} for error in complaints(bound)]
    return found


def active_count(form: forms.BaseForm) -> int:
    """How many filters of this form are in use; a search box is no filter."""
    fields = [bound for bound in form if not isinstance(bound.field.widget, forms.HiddenInput | forms.TextInput)]
    return sum(_given(bound.value()) for bound in fields)


def _given(value: object) -> bool:
    return any(value) if isinstance(value, list) else value not in (None, "", False)


def _base(bound: BoundField, options: Params) -> Params:
    attrs = {**bound.field.widget.attrs, **options.get("attributes", {})}
    return {
        "id": bound.auto_id or bound.html_name,
        "idPrefix": bound.auto_id or bound.html_name,
        "name": bound.html_name,
        "autocomplete": attrs.get("autocomplete", "off"),
        "inputmode": attrs.get("inputmode"),
        "disabled": bound.field.disabled,
        "attributes": {key: value for key, value in _written(attrs) if key not in HANDLED},
        "classes": options.get("classes", ""),
        **_errors(bound),
    }


def _written(attrs: Params) -> Iterator[tuple[str, str]]:
    """HTML attributes as text: true is the bare attribute, false and none are left out."""
    for key, value in attrs.items():
        if value is not None and value is not False:
            yield key, "" if value is True else str(value)


def _errors(bound: BoundField) -> Params:
    lines = [(in_words(error),) for error in complaints(bound)]
    return {"errorMessage": {"html": format_html_join(SafeString("<br>"), "{}", lines)}} if lines else {}


def _worded(bound: BoundField, kind: str, options: Params) -> Params:
    """Label or legend and hint; a lone checkbox carries its own."""
    if kind == "checkbox":
        return {}
    words = {
        "text": _label(bound, options),
        "classes": f"govuk-{'fieldset__legend' if kind in GROUPED else 'label'}--{options.get('size', 's')}",
        "isPageHeading": options.get("heading", False),
    }
    hint = _hint(options.get("hint") or bound.help_text)
    return {"fieldset": {"legend": words}, **hint} if kind in GROUPED else {"label": words, **hint}


def _label(bound: BoundField, options: Params) -> str:
    label = in_words(str(options.get("label") or bound.label))
    marked = options.get("mark_optional", getattr(bound.form, "mark_optional", True))
    needless = bound.field.required or not marked or "optional" in label or label.endswith("?")
    return label if needless else in_words("{label} (optional)", label=label)


def _hint(words: object) -> Params:
    if not words:
        return {}
    return {"hint": {"html": words} if isinstance(words, SafeString) else {"text": in_words(str(words))}}


def _text(bound: BoundField, options: Params) -> Params:
    widget = bound.field.widget
    kind = getattr(widget, "input_type", "text")
    shape: Params = {"type": kind, "value": widget.format_value(bound.value())}
    if kind == "number":  # spinning boxes lose and change digits; a number pad does not
        shape |= {"type": "text", "inputmode": widget.attrs.get("inputmode", "numeric")}
        shape["attributes"] = {}
    if kind in {"email", "tel", "url"} or options.get("code"):
        shape["spellcheck"] = False
    if options.get("width"):
        shape["classes"] = f"{options.get('classes', '')} govuk-input--width-{options['width']}".strip()
    for side in ("prefix", "suffix"):
        if options.get(side):
            shape[side] = {"text": options[side]}
    return shape


def _textarea(bound: BoundField, options: Params) -> Params:
    limit = options.get("count") and getattr(bound.field, "max_length", None)
    value = bound.field.widget.format_value(bound.value())
    return {
        "value": value or "",
        "rows": str(options.get("rows", 5)),
        **({"maxlength": limit} if limit else {}),
    }


def _choices(bound: BoundField, options: Params) -> Params:
    hints, reveals = options.get("hints", {}), options.get("reveals", {})
    items: list[Params] = []
    for part in bound.subwidgets:
        value = str(part.data["value"])
        if value == "" and not isinstance(bound.field.widget, forms.Select):
            continue
        if value and value == options.get("divider_before"):
            items.append({"divider": "or"})
        items.append(_choice(part.data, hints.get(value), reveals.get(value), value == options.get("exclusive")))
    return {"items": items}


def _choice(data: Params, hint: object, reveal: str | None, exclusive: bool) -> Params:
    selected = bool(data["selected"])
    item: Params = {"value": str(data["value"]), "text": _choice_words(data), **_hint(hint)}
    item |= {"checked": selected, "selected": selected, "disabled": bool(data["attrs"].get("disabled"))}
    if reveal:
        item["conditional"] = {"html": reveal}
    return item | ({"behaviour": "exclusive"} if exclusive else {})


def _choice_words(data: Params) -> str:
    """An option holds text alone, which can say of no part of it that it is English."""
    return (
        spoken(str(data["label"])) if data["type"] == "select" or page_language() is None else in_words(data["label"])
    )


def _radios(bound: BoundField, options: Params) -> Params:
    names = {"inline": "govuk-radios--inline", "small": "govuk-radios--small"}
    return _choices(bound, options) | {"classes": " ".join(names[key] for key in names if options.get(key))}


def _checkboxes(bound: BoundField, options: Params) -> Params:
    return _choices(bound, options) | {"classes": "govuk-checkboxes--small" if options.get("small") else ""}


def _checkbox(bound: BoundField, options: Params) -> Params:
    box: Params = {
        "value": "on",
        "text": str(options.get("label") or bound.label),
        "checked": bool(bound.value()),
    }
    box |= _hint(options.get("hint") or bound.help_text)
    return {"items": [box], "classes": "govuk-checkboxes--small" if options.get("small") else ""}


def _date(bound: BoundField, options: Params) -> Params:
    widget = bound.field.widget
    values = bound.value()
    values = values if isinstance(values, list) else widget.decompress(values)
    wrong = _wrong_boxes(bound)
    items = []
    for (part, length), value in zip(DateBoxes.PARTS, values, strict=True):
        error = " govuk-input--error" if part in wrong else ""
        box = {
            "name": f"{bound.html_name}_{part}",
            "id": f"{bound.auto_id}-{part}",
            "label": part.capitalize(),
        }
        autocomplete = f"bday-{part}" if widget.birth else "off"
        classes = f"govuk-input--width-{length}{error}"
        items.append(
            {
                **box,
                "label": part.capitalize(),
                "classes": classes,
                "value": value,
                "autocomplete": autocomplete,
            }
        )
    return {"items": items, "attributes": {}}


def _wrong_boxes(bound: BoundField) -> tuple[str, ...]:
    """The boxes that the first error names; all three when it names none."""
    errors = bound.form.errors.as_data().get(bound.name, [])
    if not errors:
        return ()
    return tuple((errors[0].params or {}).get("boxes", [part for part, _ in DateBoxes.PARTS]))


def _first_id(bound: BoundField) -> str:
    if isinstance(bound.field.widget, DateBoxes):
        return f"{bound.auto_id}-{_wrong_boxes(bound)[0]}"
    return bound.auto_id or bound.html_name


def _plain(bound: BoundField, options: Params) -> Params:
    return {}


def _password(bound: BoundField, options: Params) -> Params:
    return {"autocomplete": bound.field.widget.attrs.get("autocomplete", "current-password")}


def _hidden(bound: BoundField, options: Params) -> Params:
    return {"html": bound.as_hidden()}


SPECIFIC = {
    "text": _text,
    "textarea": _textarea,
    "radios": _radios,
    "checkboxes": _checkboxes,
    "checkbox": _checkbox,
    "select": _choices,
    "date": _date,
    "file": _plain,
    "password": _password,
    "hidden": _hidden,
}

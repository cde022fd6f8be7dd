"""The forms of exploring."""

from django import forms


class Search(forms.Form):
    """Words of a saved view's name."""

    q = forms.CharField(label="Find a view", required=False, max_length=80)


class Keep(forms.Form):
    """Under which name a view is kept, and for whom."""

    name = forms.CharField(
        label="Name of the view", max_length=80, error_messages={"required": "Give the view a name"},
        help_text="Such as “Waits by service”. Name nobody.",
    )  # fmt: skip
    shared = forms.BooleanField(label="Colleagues of my organisation may see and open it", required=False)


class Export(forms.Form):
    """In which kind of file the figures or the drawing leave."""

    fmt = forms.ChoiceField(choices=[("csv", "CSV"), ("xlsx", "Excel"), ("png", "PNG"), ("svg", "SVG")])

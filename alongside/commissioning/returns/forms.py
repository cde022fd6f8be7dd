"""The forms of the quarter page."""

from django import forms


class Export(forms.Form):
    """In which kind of file the figures leave."""

    fmt = forms.ChoiceField(choices=[("csv", "CSV"), ("xlsx", "Excel")])

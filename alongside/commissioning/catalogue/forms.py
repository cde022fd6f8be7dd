"""The forms of the catalogue."""

from django import forms


class Search(forms.Form):
    """Words that a measure says of itself."""

    q = forms.CharField(label="Find a measure", required=False, max_length=80)


class Export(forms.Form):
    """In which kind of file the definitions leave."""

    fmt = forms.ChoiceField(choices=[("csv", "CSV"), ("xlsx", "Excel")])

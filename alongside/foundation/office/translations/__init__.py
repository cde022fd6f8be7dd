"""Translations: the fixed sentences of the public pages in other languages, as shipped and as an office writes them."""

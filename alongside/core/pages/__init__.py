"""The page kit: Jinja environment, filters, form fields, error pages and the gallery of components."""

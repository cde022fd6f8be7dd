"""Every address of the product. Undeclared views are refused by the access middleware."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []

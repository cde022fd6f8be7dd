"""The application of outcome tools."""

from django.apps import AppConfig


class ToolsConfig(AppConfig):
    name = "alongside.support.cases.tools"
    label = "tools"

"""Other packages' applications whose labels would collide with a domain's."""

from django.contrib.messages.apps import MessagesConfig


class FlashConfig(MessagesConfig):
    """Django's one-time page messages; the label `messages` is the domain's."""

    label = "flash"

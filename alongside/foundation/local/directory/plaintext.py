"""Text from elsewhere made safe: mark-up taken off, control characters taken out, links told from words."""

import re
from html import unescape
from urllib.parse import urlsplit

_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|&(?:[a-zA-Z]{2,12}|#\d{1,7}|#x[0-9a-fA-F]{1,6});")
_HIDDEN = re.compile(r"<(script|style|template)\b[^<>]*>.*?</\1\s*>|<!--.*?-->", re.DOTALL | re.IGNORECASE)
_LINK = re.compile(
    r"<a\b[^<>]*?\bhref\s*=\s*[\"']?(https?://[^\s\"'<>]+)[^<>]*>(.*?)</a\s*>", re.DOTALL | re.IGNORECASE
)
_ITEM = re.compile(r"<li\b[^<>]*>", re.IGNORECASE)
_BLOCK = re.compile(r"</?(?:p|div|br|h[1-6]|ul|ol|tr|table|section|article|blockquote)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<!--|-->")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_EMAIL = re.compile(r"[^@\s<>\"]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_SITE = re.compile(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?:/\S*)?")


def cleaned(text: str) -> str:
    """Without characters that no page and no database can hold."""
    return _CONTROL.sub("", text.replace("\r\n", "\n"))


def has_markup(text: str) -> bool:
    return _MARKUP.search(text) is not None


def stripped(markup: str) -> str:
    """The words of some HTML, a line a block, with the address of each link after its words."""
    text = _HIDDEN.sub("", markup)
    text = _LINK.sub(lambda link: _link_words(link[2], link[1]), text)
    text = _BLOCK.sub("\n", _ITEM.sub("\n• ", text))
    text = cleaned(unescape(_TAG.sub("", text)).replace("\xa0", " "))
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _link_words(words: str, address: str) -> str:
    return words if unescape(address).rstrip("/") in words else f"{words} ({address})"


def is_link(text: str) -> bool:
    """Whether a browser may be sent there: http or https, with a host, and nothing hidden in it."""
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"[\s<>\"\\]", text)
    except ValueError:
        return False


def is_site(text: str) -> bool:
    """Whether it reads like a site's name without its scheme."""
    return _SITE.fullmatch(text) is not None


def is_email(text: str) -> bool:
    return _EMAIL.fullmatch(text) is not None

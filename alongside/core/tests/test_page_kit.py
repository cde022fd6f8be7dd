"""The environment, the layouts, the gallery and the error pages, drawn as a browser would get them."""

from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponseNotAllowed
from django.template import engines
from django.test import RequestFactory
from django.urls import path
from jinja2 import DictLoader, Environment, UndefinedError

from alongside.core.pages import environment, errors
from alongside.core.pages.gallery import components

KIT = Path(environment.__file__).parent.parent / "jinja2" / "core"
MACROS = sorted(file.stem for file in (KIT / "macros").glob("*.html"))
urlpatterns = [path("all/", components, name="components"), path("case/<int:pk>/", components, name="case")]


def draw(source: str, request: HttpRequest | None = None, **context: Any) -> str:
    return str(engines["jinja2"].from_string(source).render(context, request))


@pytest.fixture
def request_(rf: RequestFactory) -> HttpRequest:
    return rf.get("/components/")


def test_a_misspelt_name_fails_the_page() -> None:
    with pytest.raises(UndefinedError):
        draw("{{ offce_name }}")


def test_a_misspelt_attribute_of_an_object_fails_the_page() -> None:
    with pytest.raises(UndefinedError):
        draw("{% if case.statsu %}{% endif %}", case=forms.Form())


def test_a_dict_may_lack_a_key() -> None:
    assert draw("{% if row.href %}link{% endif %}{{ row.text }}", row={"text": "x"}) == "x"


def test_what_people_type_is_escaped() -> None:
    assert draw("{{ name }}{{ ui.status_tag(name) }}", name="<b>").count("&lt;b&gt;") == 2


@pytest.mark.parametrize("name", MACROS)
def test_a_macro_has_the_name_of_its_file_and_says_what_it_does(name: str) -> None:
    source = (KIT / "macros" / f"{name}.html").read_text(encoding="utf-8")
    assert source.startswith(f"{{# {name}(")
    assert f"{{% macro {name}(" in source


@pytest.mark.parametrize("name", MACROS)
def test_the_gallery_shows_every_macro(name: str) -> None:
    shown = "".join(file.read_text(encoding="utf-8") for file in (KIT / "gallery").glob("*.html"))
    inside = "".join(file.read_text(encoding="utf-8") for file in (KIT / "macros").glob("*.html"))
    assert f"ui.{name}(" in shown + inside


@pytest.mark.parametrize("query", ["", "layout=public", "layout=signin", "layout=unknown", "sort=-area"])
def test_the_gallery_breaks_no_rule_of_the_content_policy(rf: RequestFactory, query: str) -> None:
    body = components(rf.get(f"/components/?{query}")).content.decode()  # type: ignore[attr-defined]
    assert " style=" not in body
    assert " onclick=" not in body
    assert body.count("<script") == body.count('<script type="module" src=')


def test_a_public_page_gives_nothing_away_and_has_a_way_out(rf: RequestFactory) -> None:
    body = components(rf.get("/components/?layout=public")).content.decode()  # type: ignore[attr-defined]
    assert "<title>Support and information</title>" in body
    assert body.count('data-exit="https://www.bbc.co.uk/weather"') == 1
    assert body.count('href="/leave/"') == 2
    assert "Call 999" in body


def test_a_public_page_tells_the_server_of_leaving_when_given_an_address() -> None:
    body = draw('{% extends "core/layout_public.html" %}', leave="/away/")
    assert 'data-leave="/away/"' in body


def test_errors_stand_before_the_heading_and_in_the_title() -> None:
    class Ask(forms.Form):
        name = forms.CharField(label="Name")

    page = '{% extends "core/layout_staff.html" %}{% block heading %}<h1>Ask</h1>{% endblock %}'
    body = draw(page, form=Ask({}))
    assert "<title>Error: " in body
    assert body.index("There is a problem") < body.index("<h1>Ask</h1>")


def test_flash_messages_are_shown_once(request_: HttpRequest) -> None:
    request_._messages = CookieStorage(request_)  # type: ignore[attr-defined]
    messages.success(request_, "Saved <b>")
    body = draw('{% extends "core/layout_signin.html" %}', request=request_)
    assert "app-flash--success" in body
    assert "Saved &lt;b&gt;" in body


def test_a_nonce_is_put_on_the_script_when_there_is_one(request_: HttpRequest) -> None:
    assert environment.csp_nonce(request_) == ""
    request_.csp_nonce = "abc"  # type: ignore[attr-defined]
    assert 'nonce="abc"' in draw('{% extends "core/layout_signin.html" %}', request=request_)


@pytest.mark.urls(__name__)
def test_addresses_come_from_names() -> None:
    assert draw("{{ url('components') }} {{ url('case', 3) }} {{ url('case', pk=4) }}") == "/all/ /case/3/ /case/4/"


@pytest.mark.parametrize("status", errors.STATUSES)
def test_an_error_page_needs_neither_database_nor_script(status: int) -> None:
    response = errors.page(status)
    body = response.content.decode()
    assert response.status_code == status
    assert "<script" not in body
    assert "nonce" not in body
    assert "<h1" in body
    assert f'Call us on <a class="govuk-link" href="tel:{settings.HELP_PHONE.replace(" ", "")}"' in body
    assert "call 999" in body


def test_absent_and_foreign_are_the_same_page(rf: RequestFactory) -> None:
    absent = errors.page_not_found(rf.get("/cases/1/"), Http404("no such case"))
    foreign = errors.page_not_found(rf.get("/cases/2/?q=x"), Http404())
    assert absent.content == foreign.content


def test_the_other_handlers_answer_with_their_own_status(request_: HttpRequest) -> None:
    assert errors.bad_request(request_).status_code == 400
    assert errors.permission_denied(request_).status_code == 403
    assert errors.server_error(request_).status_code == 500
    assert b"session ended" in errors.csrf_failure(request_).content


def test_what_is_too_big_is_said_to_be_too_big(request_: HttpRequest) -> None:
    response = errors.bad_request(request_, RequestDataTooBig())
    assert response.status_code == 413
    assert b"too big" in response.content


def test_a_blank_refusal_is_given_words_and_one_with_words_keeps_its_own(request_: HttpRequest) -> None:
    def said_to_be_blank(request: HttpRequest) -> HttpResponseNotAllowed:
        return HttpResponseNotAllowed(["POST"], headers={"Content-Length": "0"})

    blank = errors.Worded(said_to_be_blank)(request_)
    worded = errors.Worded(lambda request: HttpResponseNotAllowed(["POST"], b"{}"))(request_)
    assert (blank.status_code, blank["Allow"]) == (405, "POST")
    assert "Content-Length" not in blank
    assert b"Nothing was changed" in blank.content  # type: ignore[attr-defined]
    assert worded.content == b"{}"  # type: ignore[attr-defined]


def test_machines_are_told_when_to_come_back() -> None:
    assert errors.page(429, retry_after=60)["Retry-After"] == "60"


def test_the_style_asks_for_no_file_that_is_not_here() -> None:
    static = KIT.parent.parent / "static" / "core"
    for sheet in static.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert "url(" not in text
        assert "sourceMappingURL" not in text
    assert settings.OFFICE_NAME


@pytest.mark.parametrize(("developing", "drawn"), [(True, "after"), (False, "before")])
def test_a_changed_macro_is_read_again_while_developing_alone(developing: bool, drawn: str) -> None:
    files = {"core/macros/word.html": "{% macro word() %}before{% endmacro %}"}
    ui = environment.Macros(Environment(loader=DictLoader(files), auto_reload=developing, autoescape=True))
    assert ui.word() == "before"
    files["core/macros/word.html"] = "{% macro word() %}after{% endmacro %}"
    assert ui.word() == drawn


def test_a_download_is_told_from_what_may_be_sent_once() -> None:
    button = 'ui.post_button("Download", "/x/", ""'
    assert "data-download" in draw("{{ " + button + ", download=true) }}")
    assert "data-download" not in draw("{{ " + button + ") }}")
    script = (KIT.parent.parent / "static/core/alongside.js").read_text("utf-8")
    guard = script[script.index("function guardSubmit") :]
    assert guard.index('"download" in form.dataset') < guard.index("addEventListener")

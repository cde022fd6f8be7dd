"""What may come in at all: methods and sizes."""

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from alongside.core.access.headers import Bounds

INSIDE = "let in"


def sent(path: str, length: str, method: str = "POST") -> HttpResponse:
    def inside(request: HttpRequest) -> HttpResponse:
        return HttpResponse(INSIDE)

    request = RequestFactory().generic(method, path)
    request.META["CONTENT_LENGTH"] = length
    answer = Bounds(inside)(request)
    assert isinstance(answer, HttpResponse)
    return answer


@pytest.mark.parametrize("length", ["", "0", "2000000", "not a number"])
def test_an_ordinary_body_is_let_in(length: str) -> None:
    assert sent("/support/return/", length).content == INSIDE.encode()


def test_a_body_too_big_for_its_address_is_refused_before_it_is_read() -> None:
    assert sent("/support/return/", "250000000").status_code == 413
    assert sent("/feeds/load/", "90000000").content == INSIDE.encode()
    assert sent("/feeds/load/", "250000000").status_code == 413


def test_every_address_that_takes_a_file_is_there() -> None:
    assert [resolve(path).func for path in settings.BODIES_WITH_FILES]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "TRACE", "PATCH", "PROPFIND"])
def test_a_method_that_nothing_answers_is_refused(method: str) -> None:
    assert sent("/support/", "0", method).status_code == 405


@pytest.mark.django_db
def test_what_is_refused_outside_asks_the_database_nothing_and_has_the_headers_of_every_page() -> None:
    with CaptureQueriesContext(connection) as asked:
        answer = Client().generic("TRACE", "/support/")
    assert (answer.status_code, len(asked)) == (405, 0)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]

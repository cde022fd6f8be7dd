"""The checks themselves: what was not looked at is never called well."""

import check

CLEAN = {"name": "a", "version": "1", "vulns": []}
SKIPPED = {"name": "b", "skip_reason": "not found"}
VULNERABLE = {"name": "c", "version": "1", "vulns": [{"id": "X-1", "fix_versions": ["2"]}]}


def test_a_clean_audit_is_well() -> None:
    assert check.audited([CLEAN]).verdict == "ok"


def test_an_audit_that_skipped_a_package_is_not_called_well() -> None:
    assert check.audited([CLEAN, SKIPPED]).verdict.startswith("NOT CHECKED")


def test_an_audit_of_nothing_is_not_called_well() -> None:
    assert check.audited([]).verdict.startswith("NOT CHECKED")


def test_a_known_vulnerability_fails_even_beside_a_skipped_package() -> None:
    assert check.audited([VULNERABLE, SKIPPED]).verdict == "FAILED"


def test_a_path_of_one_machine_is_found() -> None:
    own = "/" + "work/main/x"
    assert check.MACHINE_PATH.search(f"open('{own}')")
    assert check.MACHINE_PATH.search("see /" + "tmp/out")
    harmless = ("/".join(("", "var", "tmp", "alongside")), "https://a.example/" + "home/", "../shared/" + "work/x")
    assert not check.MACHINE_PATH.search(" and ".join(harmless))


def test_an_index_address_is_found() -> None:
    assert check.INDEX_ADDRESS.search("--index-" + "url https://a.example/simple")
    assert not check.INDEX_ADDRESS.search("django==5.2.19 --hash=sha256:00")

"""One enum of permissions and one table of roles. Memberships (person, organisation, role) are rows."""

from dataclasses import dataclass
from enum import StrEnum

from alongside.core.rows.realms import Realm


class Permission(StrEnum):
    """What a role may do. The value is what is stored and shown in the generated matrix."""

    PEOPLE_MANAGE = "people.manage"
    RULEBOOK_READ = "rulebook.read"
    RULEBOOK_REVISE = "rulebook.revise"
    ORGANISATION_READ = "organisation.read"
    ORGANISATION_MANAGE = "organisation.manage"
    SERVICE_MANAGE = "service.manage"
    GROUP_READ = "group.read"  # the map of community groups: no person, nothing of their size or needs
    GROUP_CAPACITY = "group.capacity"  # what they need, how big they are, consortia; no person
    GROUP_KEEP = "group.keep"  # maps them, talks with them, and sees whom to ask for
    LIST_MANAGE = "list.manage"
    FEED_LOAD = "feed.load"
    FEED_READ = "feed.read"
    FEED_SET_UP = "feed.set_up"
    FEED_SEND = "feed.send"  # of a force's own system, by API; no person's role has it
    REFERRAL_REFER = "referral.refer"
    REFERRAL_QUEUE = "referral.queue"
    REFERRAL_TRIAGE = "referral.triage"
    REFERRAL_READ = "referral.read"
    REFERRAL_ALLOCATE = "referral.allocate"
    QUEUE_SHARE = "queue.share"
    QUEUE_WATCH = "queue.watch"
    REPORT_MAKE = "report.make"
    REPORT_READ = "report.read"
    REPORT_ANSWER = "report.answer"
    CENTRE_SET_UP = "centre.set_up"
    OCCASION_READ = "occasion.read"
    OCCASION_SET_UP = "occasion.set_up"
    OCCASION_WORK = "occasion.work"
    DUTY_SET = "duty.set"
    ROUTING_REVISE = "routing.revise"
    OFFER_ANSWER = "offer.answer"
    VICTIM_READ = "victim.read"
    VICTIM_CONTACT = "victim.contact"
    VICTIM_HOLD = "victim.hold"
    HOLD_OVERRIDE = "contact.despite_hold"
    RECORD_RESTRICT = "record.restrict"
    RECORD_NAME = "record.name"
    RECORD_LIFT = "record.lift"
    SEAL_BREAK = "seal.break"
    SEAL_REVIEW = "seal.review"
    CONFLICT_REVIEW = "conflict.review"
    LOOKS_REVIEW = "looks.review"
    CASE_READ = "case.read"
    CASE_WORK = "case.work"
    CASE_ASSIGN = "case.assign"
    CASE_CLOSE = "case.close"
    CASE_REOPEN = "case.reopen"
    CASE_PRINT = "case.print"
    CASE_IMPORT = "case.import"  # brings the caseload of its organisation along from a spreadsheet
    FUND_KEEP = "fund.keep"  # the books of funds for practical help: sums and requests by number, no person
    HELP_APPROVE = "help.approve"  # says yes to small sums that others asked for
    MEASURE_READ = "measure.read"
    MEASURE_EXACT = "measure.exact"
    MEASURE_EXPORT = "measure.export"
    MEASURE_ROWS = "measure.rows"
    OWN_FIGURES_READ = "own_figures.read"
    RETURN_READ = "return.read"  # an office's view of its providers' returns and of what they are asked
    RETURN_SET_UP = "return.set_up"  # templates, and who answers which
    RETURN_REVIEW = "return.review"  # asks back, accepts, opens again
    RETURN_WRITE = "return.write"
    RETURN_CERTIFY = "return.certify"
    FIGURES_EXPLORE = "figures.explore"  # chooses and crosses figures, and takes them away; a board has fixed ones
    JOB_OPERATE = "job.operate"


P = Permission


@dataclass(frozen=True)
class Role:
    """A role: its words, the kinds of organisation that it is given in, and what it may do."""

    key: str
    words: str
    kinds: tuple[str, ...]
    permissions: frozenset[Permission]


def _role(key: str, words: str, kinds: tuple[str, ...], *permissions: Permission) -> tuple[str, Role]:
    return key, Role(key, words, kinds, frozenset({P.RULEBOOK_READ, P.ORGANISATION_READ, *permissions}))


_TRIAGE = (
    P.REFERRAL_QUEUE, P.REFERRAL_TRIAGE, P.REFERRAL_READ, P.REFERRAL_ALLOCATE, P.VICTIM_READ, P.VICTIM_CONTACT,
    P.FEED_READ, P.CASE_READ, P.QUEUE_WATCH, P.REPORT_READ, P.REPORT_ANSWER, P.OCCASION_READ, P.OCCASION_WORK,
    P.RECORD_RESTRICT, P.SEAL_BREAK, P.GROUP_READ,
)  # fmt: skip
_GROUPS = (P.GROUP_READ, P.GROUP_CAPACITY)
_CASE = (
    P.CASE_READ, P.CASE_WORK, P.CASE_CLOSE, P.CASE_PRINT, P.VICTIM_READ, P.VICTIM_CONTACT, P.OFFER_ANSWER,
    P.OCCASION_WORK, P.GROUP_READ,
)  # fmt: skip

ROLES: dict[str, Role] = dict(
    (
        _role("triage_officer", "Triage officer", ("hub",), *_TRIAGE),
        _role("hub_manager", "Hub manager", ("hub",), *_TRIAGE, P.DUTY_SET, P.QUEUE_SHARE, P.FEED_LOAD, P.FEED_SET_UP,
              P.PEOPLE_MANAGE, P.CENTRE_SET_UP, P.OCCASION_SET_UP, P.SERVICE_MANAGE, P.LIST_MANAGE, P.RULEBOOK_REVISE,
              P.ROUTING_REVISE, P.ORGANISATION_MANAGE, P.JOB_OPERATE, P.VICTIM_HOLD, P.HOLD_OVERRIDE,
              P.RECORD_NAME, P.RECORD_LIFT, P.CONFLICT_REVIEW, *_GROUPS, P.GROUP_KEEP),
        _role("partnership_officer", "Partnership officer", ("hub",), *_GROUPS, P.GROUP_KEEP),
        _role("privacy_officer", "Privacy officer", ("hub",), P.REFERRAL_READ, P.VICTIM_READ, P.RECORD_RESTRICT,
              P.RECORD_NAME, P.RECORD_LIFT, P.SEAL_REVIEW, P.CONFLICT_REVIEW, P.LOOKS_REVIEW),
        _role("caseworker", "Caseworker", ("provider",), *_CASE),
        _role("service_manager", "Service manager", ("provider",), *_CASE, P.CASE_ASSIGN, P.CASE_REOPEN,
              P.PEOPLE_MANAGE, P.SERVICE_MANAGE, P.OWN_FIGURES_READ, P.RECORD_RESTRICT, P.RECORD_NAME, P.SEAL_BREAK,
              P.CONFLICT_REVIEW, P.LOOKS_REVIEW, P.HOLD_OVERRIDE, P.FUND_KEEP, P.HELP_APPROVE,
              P.CASE_IMPORT, P.RETURN_WRITE, P.RETURN_CERTIFY, P.FIGURES_EXPLORE),
        _role("returns_officer", "Returns officer", ("provider",), P.OWN_FIGURES_READ, P.RETURN_WRITE),
        _role("return_certifier", "Certifier of returns", ("provider",), P.OWN_FIGURES_READ, P.RETURN_CERTIFY),
        _role("finance_officer", "Finance officer", ("provider",), P.FUND_KEEP),
        _role("help_approver", "Approver of practical help", ("provider",), P.HELP_APPROVE),
        _role("referrer", "Referrer", ("force", "partner", "court"), P.REFERRAL_REFER),
        _role("centre_worker", "Reporting centre worker", ("partner",), P.REPORT_MAKE),
        _role("commissioning_officer", "Commissioning officer", ("policing_body",), P.MEASURE_READ, P.MEASURE_EXACT,
              P.MEASURE_EXPORT, P.RETURN_READ, P.RETURN_SET_UP, P.RETURN_REVIEW, P.FIGURES_EXPLORE, *_GROUPS),
        _role("analyst", "Analyst", ("policing_body",), P.MEASURE_READ, P.MEASURE_EXACT, P.MEASURE_EXPORT,
              P.MEASURE_ROWS, P.RETURN_READ, P.FIGURES_EXPLORE, *_GROUPS),
        _role("board_member", "Board member", ("policing_body",), P.MEASURE_READ, P.GROUP_READ),
        _role("office_administrator", "Office administrator", ("policing_body",), P.MEASURE_READ, P.MEASURE_EXACT,
              P.PEOPLE_MANAGE, P.RULEBOOK_REVISE, P.ORGANISATION_MANAGE, P.JOB_OPERATE, P.RETURN_READ,
              P.RETURN_SET_UP, *_GROUPS),
    )
)  # fmt: skip

REALM_OF_KIND: dict[str, Realm] = {
    "hub": Realm.HUB,
    "provider": Realm.PROVIDER,
    "policing_body": Realm.COMMISSIONING,
    "force": Realm.REFERRER,
    "partner": Realm.REFERRER,
    "court": Realm.REFERRER,
}


def permissions_of(roles: list[str]) -> frozenset[str]:
    """Everything that any of the roles may do."""
    return frozenset(str(p) for key in roles if key in ROLES for p in ROLES[key].permissions)

"""What a person finds on the home page: one card for each thing that they may do, most pressing first."""

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from alongside.core.access.actor import Actor
from alongside.foundation.office.accounts.permissions import Permission as P


@dataclass(frozen=True)
class Task:
    """Something to do next: words, an address and the permission that shows it."""

    title: str
    words: str
    view: str
    needs: P


TASKS = (
    Task(
        "New referrals",
        "See what came in, take one, and make the first contact in time.",
        "triage:queue",
        P.REFERRAL_QUEUE,
    ),
    Task(
        "Take a referral",
        "Somebody telephones, writes or comes in who is not in the queue: write down what they agree to.",
        "incoming:take_down",
        P.REFERRAL_TRIAGE,
    ),
    Task(
        "My day",
        "What is due on your cases, late first: contacts, steps, reviews, court, and what came in.",
        "day:mine",
        P.CASE_WORK,
    ),
    Task(
        "Team",
        "Give cases out, see who has too much, cover for whoever is away.",
        "day:team",
        P.CASE_ASSIGN,
    ),
    Task(
        "Offers to answer",
        "Accept or decline what the hub has sent to your service.",
        "casework:offers",
        P.OFFER_ANSWER,
    ),
    Task(
        "Transfers to answer",
        "Accept or decline people whom another service would hand on to you, with their agreement.",
        "transfers:incoming",
        P.OFFER_ANSWER,
    ),
    Task(
        "Your caseload",
        "Record contact, keep the plan up to date, and close what is done.",
        "casework:caseload",
        P.CASE_WORK,
    ),
    Task(
        "Leave a learning note",
        "Something that we would do differently, without anybody in it.",
        "lessons:note",
        P.CASE_WORK,
    ),
    Task(
        "Cases of closed services",
        "People who are still supported by a service that takes nobody any more: hand on or close.",
        "transfers:closed_services",
        P.CASE_ASSIGN,
    ),
    Task(
        "What we learned",
        "Learning notes by theme and quarter, and what was done about each.",
        "lessons:learning",
        P.CASE_ASSIGN,
    ),
    Task(
        "Court and news owed",
        "Days at court that are ahead, and what police and courts owe victims and have not told them.",
        "justice:ahead",
        P.CASE_WORK,
    ),
    Task(
        "Requests for records",
        "What police, lawyers and courts ask us about the people we support: decide, approve, refuse.",
        "material:register",
        P.CASE_ASSIGN,
    ),
    Task(
        "Waiting lists",
        "Who waits for which help, in which order and why, and how each is looked after meanwhile.",
        "waiting:lists",
        P.CASE_WORK,
    ),
    Task(
        "Refer somebody",
        "Send a victim to the hub. You can see where each referral stands.",
        "intake:refer",
        P.REFERRAL_REFER,
    ),
    Task(
        "Likely the same person",
        "Say whether two records are of one person. Nothing is merged, and it can be undone.",
        "matching:pairs",
        P.REFERRAL_TRIAGE,
    ),
    Task(
        "Rows that wait",
        "Rows of a police feed that were held or rejected: mend them, take them in, return or close them.",
        "mending:held",
        P.FEED_READ,
    ),
    Task(
        "Reconciliation",
        "Every row that a source sent and what became of it; files that are missing or short.",
        "reconciliation:days",
        P.FEED_READ,
    ),
    Task(
        "Broken seals",
        "Look at each restricted record that somebody opened who is not named on it.",
        "restricted:seals",
        P.SEAL_REVIEW,
    ),
    Task(
        "Unusual looks",
        "Look at what the read log shows that is unlike the work, and say whether the work explains it.",
        "looks:findings",
        P.LOOKS_REVIEW,
    ),
    Task(
        "Restricted records",
        "Say who may open each. Only those that you are named on are listed.",
        "restricted:records",
        P.RECORD_NAME,
    ),
    Task(
        "People we know",
        "Records that are closed to somebody here, who knows the person.",
        "restricted:conflicts",
        P.CONFLICT_REVIEW,
    ),
    Task(
        "Open a sealed record",
        "In an emergency, by its exact reference. The privacy officer is told at once.",
        "restricted:break_seal",
        P.SEAL_BREAK,
    ),
    Task(
        "I know somebody",
        "Say so before you see their record, and it is closed to you.",
        "restricted:declare_name",
        P.VICTIM_READ,
    ),
    Task("Load a police feed", "Upload a file and read its receipt.", "feeds:load", P.FEED_LOAD),
    Task(
        "The quarter",
        "What was received, supported and improved, with a definition beside each figure.",
        "quarters:quarter",
        P.MEASURE_READ,
    ),
    Task(
        "Practical help to approve",
        "Small sums that caseworkers ask for, and those that wait for a second approval.",
        "practical:approvals",
        P.HELP_APPROVE,
    ),
    Task(
        "Practical help funds",
        "The ledger of each fund, to the penny, to be held against the bank’s statement.",
        "practical:funds",
        P.FUND_KEEP,
    ),
    Task("Your figures", "Your service's own figures, exact.", "quarters:own", P.OWN_FIGURES_READ),
    Task(
        "Your returns",
        "What your commissioners ask each quarter, filled in from your cases.",
        "returns:own_returns",
        P.OWN_FIGURES_READ,
    ),
    Task(
        "Returns",
        "How every provider's quarterly return stands: due, late, asked back, certified.",
        "returns:returns",
        P.RETURN_READ,
    ),
    Task(
        "Services",
        "Keep the directory right: whom you help, where and how to reach you.",
        "directory:services",
        P.SERVICE_MANAGE,
    ),
    Task(
        "Services to check",
        "Confirm in a minute that what people read is right, say the room there is, and answer what they flagged.",
        "freshness:check",
        P.SERVICE_MANAGE,
    ),
    Task(
        "Community groups",
        "Small groups that people trust: whom they reach, what they need, when to be in touch. None is a service.",
        "community:groups",
        P.GROUP_CAPACITY,
    ),
    Task(
        "Where referrals go",
        "Read the routing rules in force, write new ones and try them first.",
        "routing:lists",
        P.REFERRAL_QUEUE,
    ),
    Task(
        "Stalled offers",
        "See which providers have not answered in time, and what comes next.",
        "stalled:stalled",
        P.REFERRAL_QUEUE,
    ),
    Task(
        "Fairness",
        "See who is offered what, who is taken on and who waits, by area, provider and group.",
        "fairness:report",
        P.ROUTING_REVISE,
    ),
    Task("Duty rota", "Say who answers for what nobody has taken, by weekday or for one day.", "duty:rota", P.DUTY_SET),
    Task("People", "Invite somebody, change a role, remove a leaver.", "organisations:people", P.PEOPLE_MANAGE),
    Task(
        "Organisations",
        "Who works in this police area, and what came before them.",
        "organisations:organisations",
        P.ORGANISATION_MANAGE,
    ),
    Task(
        "Rulebook",
        "Crime types, needs, clocks and question sets, each with its source.",
        "rulebook:books",
        P.RULEBOOK_REVISE,
    ),
    Task("Jobs", "Background work that is late or has failed.", "operations:jobs", P.JOB_OPERATE),
)


def tasks_for(actor: Actor) -> list[dict[str, str]]:
    """The cards of the person's permissions, in order."""
    return [
        {"title": task.title, "words": task.words, "href": href}
        for task in TASKS if actor.may(task.needs) and (href := _address(task.view))
    ]  # fmt: skip


def _address(view: str) -> str:
    """A realm may be served without the pages of another: then there is nothing to link to."""
    try:
        return reverse(view)
    except NoReverseMatch:
        return ""

"""What a phone is told of an event, and the pages of events in words."""

import json
from base64 import b64encode
from collections.abc import Mapping
from datetime import date, datetime

from django.urls import reverse

from alongside.core import clocks
from alongside.core.pages.filters import datetime_words, time_words
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.desk.onthespot import queries, rules
from alongside.support.desk.onthespot.models import Entry, Occasion
from alongside.support.desk.onthespot.queries import Tally

BECAME = dict(Referral.State.choices)


def told(occasion: Occasion, token: str, on: date) -> str:
    """Everything that a phone keeps of an event: its words and end, its public key, and a token that only sends."""
    return json.dumps({
        "occasion": str(occasion.pk), "name": occasion.name, "place": occasion.place, "token": token,
        "key": b64encode(bytes(occasion.public_key)).decode(), "ends": _milliseconds(occasion.ends_at),
        "until": _milliseconds(queries.last_moment(occasion)), "happened": queries.happened(on),
        "times": queries.times(on), "services": queries.service_names(occasion.services),
        "send": reverse("onthespot:send"), "back": reverse("onthespot:give_back"),
        "sign_out": reverse("account_logout"),
    })  # fmt: skip


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def when(occasion: Occasion) -> str:
    """From when until when, in words."""
    starts, ends = (moment.astimezone(clocks.LONDON) for moment in (occasion.starts_at, occasion.ends_at))
    same = starts.date() == ends.date()
    return (
        f"{datetime_words(starts)} to {time_words(ends)}"
        if same
        else f"{datetime_words(starts)} to {datetime_words(ends)}"
    )


def state(occasion: Occasion, at: datetime) -> dict[str, str]:
    if at < occasion.starts_at:
        return {"word": "To come", "colour": "blue"}
    return {"word": "On now", "colour": "green"} if at < occasion.ends_at else {"word": "Over", "colour": "grey"}


def rows(found: list[Occasion], at: datetime, kinds: Mapping[str, str]) -> list[dict[str, object]]:
    return [
        {
            "pk": one.pk, "name": one.name, "kind": kinds.get(one.kind, one.kind), "place": one.place,
            "when": when(one), "state": state(one, at), "taken": getattr(one, "taken", 0),
            "held": getattr(one, "held", 0),
        }
        for one in found
    ]  # fmt: skip


def details(occasion: Occasion, on: date) -> list[dict[str, str]]:
    return [
        {"key": "Kind", "value": rulebook.titles("occasion_kinds", on).get(occasion.kind, occasion.kind)},
        {"key": "Place", "value": occasion.place}, {"key": "When", "value": when(occasion)},
        {"key": "Who works there", "value": ", ".join(queries.names(occasion.visible_orgs))},
        {"key": "Services there", "value": ", ".join(queries.service_names(occasion.services)) or "None said"},
    ]  # fmt: skip


def counts(found: Tally) -> dict[str, object]:
    """How many, by hour and by what came of them."""
    states, most = found.states, max((number for _, number in found.hours), default=1)
    return {
        "stats": [
            {"value": sum(number for _, number in found.hours), "label": "taken there"},
            {"value": states.get(Entry.State.WAITING, 0), "label": "on their way in"},
            {"value": states.get(Entry.State.QUARANTINED, 0), "label": "wait for a person",
             "tone": "warn" if states.get(Entry.State.QUARANTINED) else ""},
            *([{"value": found.named, "label": "wait for named people"}] if found.named else []),
            {"value": states.get(Entry.State.SET_ASIDE, 0), "label": "set aside"},
        ],
        "hours": [{"hour": f"{datetime_words(hour)}", "number": number, "width": round(100 * number / most)}
                  for hour, number in found.hours],
        "became": [{"state": BECAME[code], "number": found.became[code]} for code in BECAME if found.became.get(code)],
    }  # fmt: skip


def why(entry: Entry) -> str:
    return rules.WHY.get(entry.why, entry.why)


def initial(entry: Entry) -> dict[str, object]:
    """What the mending of an entry begins with: what it held, as far as it can be read."""
    try:
        said = json.loads(queries.said_in(entry) or "{}")
    except ValueError:
        return {}
    return rules.tidy(said) if isinstance(said, dict) else {}


def set_up(occasion: Occasion) -> dict[str, object]:
    """What the change of an event begins with."""
    starts, ends = (moment.astimezone(clocks.LONDON) for moment in (occasion.starts_at, occasion.ends_at))
    return {
        **{name: getattr(occasion, name) for name in ("name", "kind", "place", "council", "services")},
        "organisations": [str(one) for one in occasion.visible_orgs if one != occasion.hub_id],
        "day": starts.date(), "starts": f"{starts:%H:%M}", "until_day": ends.date(), "ends": f"{ends:%H:%M}",
    }  # fmt: skip

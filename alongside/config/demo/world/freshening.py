"""Services that are to be checked again, one that somebody looks after, and errors that people flagged."""

from datetime import datetime, timedelta

from alongside.config.demo.world.cast import Cast
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.rows.realms import Realm
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.freshness import actions
from alongside.foundation.local.freshness.models import Flag
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.permissions import permissions_of
from alongside.foundation.office.organisations.models import Organisation

# Days since somebody last confirmed it.
AGES = {"lantern-advocates": 88, "lantern-outreach": 79, "counterpoint-business": 121}
# Two more of the manager's own, for people to find themselves: nobody is referred there.
MORE = {
    "lantern-drop-in": ("Lantern drop-in", "A room where you can come in, sit down and ask. No appointment.",
                        "Tuesdays, 10am to 2pm", 97),
    "lantern-evenings": ("Lantern evening group", "A small group of women who have been through it too.",
                         "Thursdays, 7pm to 9pm", None),
}  # fmt: skip
FLAGS = (
    ("lantern-outreach", "hours", "They stop at 4pm on Fridays now.", ""),
    ("lantern-advocates", "phone", "It rings and rings in the mornings.", "sample.reader@post.example"),
    ("harbour-counselling", "wait", "I was told seven months.", ""),
)


def grow_old(cast: Cast, *, at: datetime) -> None:
    """Some entries as they are after a season, where there is none yet."""
    if Flag.objects.exists():
        return
    today = london_date(at)
    for code, days in AGES.items():
        Service.objects.filter(code=code).update(checked_on=today - timedelta(days=days))
    lantern = Organisation.objects.get(code="lantern")
    for code, (name, summary, hours, age) in MORE.items():
        Service.objects.get_or_create(code=code, defaults={
            "provider": lantern, "name": name, "summary": summary, "hours": hours, "phone": "01632 960 700",
            "crime_types": ["domestic_abuse"], "sexes": ["female"], "age_from": 18, "takes_referrals": False,
            "checked_on": today - timedelta(days=age) if age else None, "updated_at": at,
        })  # fmt: skip
    manager = User.objects.get(email="service-manager@alongside.example")
    by = Actor(realm=Realm.PROVIDER, user_id=manager.pk, organisation_id=lantern.pk,
               permissions=permissions_of(["service_manager"]))  # fmt: skip
    outreach = Service.objects.get(code="lantern-outreach")
    actions.name_keeper(outreach, by=by, at=at - timedelta(days=60), user=manager.pk)
    for number, (code, wrong, words, mailbox) in enumerate(FLAGS):
        actions.flag(Service.objects.get(code=code), at=at - timedelta(days=number, hours=3), wrong=wrong, words=words,
                     mailbox=mailbox, caller=b"demo")  # fmt: skip

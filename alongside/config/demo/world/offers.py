"""The services of the demonstration, in the words of the directory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from alongside.foundation.local.directory.parts import Post, Site


@dataclass(frozen=True)
class Kind:
    """A service of the demonstration, in the words of the directory."""

    code: str
    provider: str
    name: str
    crimes: tuple[str, ...]
    summary: str
    ages: tuple[int | None, int | None] = (18, None)
    high_risk: bool = False
    business: bool = False
    waiting: bool = False
    weeks: tuple[int, int] = (4, 22)
    first_contact_days: tuple[int, int] = (1, 7)
    languages: tuple[str, ...] = ()
    sexes: tuple[str, ...] = ()
    specialisms: tuple[str, ...] = ()
    needs: tuple[str, ...] = ("health", "outlook")
    more: Mapping[str, Any] = field(default_factory=dict)  # other columns of the directory


def _post(title: str, **narrowed: Any) -> dict[str, Any]:
    return Post(title, **narrowed).kept()


def _site(name: str, street: str, postcode: str, *access: str) -> dict[str, Any]:
    """A place that could not be: there is no such street."""
    return Site(name=name, address_1=street, city="Sampleton", postcode=postcode, access=access).kept()


FREE = {"modes": ["phone", "video", "face_to_face"], "access": ["interpreter", "supporter"]}
SERVICES = (
    Kind("lantern-advocates", "lantern", "Lantern domestic abuse advocates", ("domestic_abuse", "stalking"),
         "An advocate who helps you stay safe, deals with agencies with you and is beside you at court.",
         ages=(16, None), high_risk=True, first_contact_days=(0, 2), needs=("accommodation", "outlook", "family"),
         specialisms=("domestic_abuse_specialist", "stalking_specialist"),
         more={**FREE, "location_protected": True, "places": 60, "award": "SAMPLE-AW-1", "criteria": ["safe_contact"],
               "posts": [_post("IDVA for Polish speakers", languages=("pl",)),
                         _post("IDVA for people over 55", age_from=55),
                         _post("IDVA at the hospital", hours_a_week=20, state="vacant")]}),
    Kind("lantern-outreach", "lantern", "Lantern outreach", ("domestic_abuse", "harassment"),
         "Support in your own area, at your own pace, wherever it is safe to meet.", ages=(16, None),
         more={**FREE, "modes": ["at_home", "phone"]}),
    Kind("harbour-advocates", "harbour", "Harbour sexual violence advocates", ("sexual_violence",),
         "Somebody who believes you and explains every choice, whether or not you report.",
         high_risk=True, weeks=(12, 60), first_contact_days=(1, 9), specialisms=("sexual_violence_specialist",),
         more={**FREE, "modes": ["phone", "face_to_face", "court"], "places": 45, "award": "SAMPLE-AW-2",
               "access": ["interpreter", "female_worker", "male_worker"],
               "posts": [_post("Adviser for men", made_for=("men",)), _post("Adviser for under-18s", age_to=17)]}),
    Kind("harbour-counselling", "harbour", "Harbour counselling",
         ("sexual_violence", "child_sexual_abuse", "domestic_abuse"),
         "Talking with a trained counsellor. There is a waiting list, and we stay in touch while you wait.",
         waiting=True, weeks=(10, 30), first_contact_days=(40, 190), needs=("health",),
         more={"modes": ["face_to_face", "video"], "criteria": ["no_other_counselling"],
               "places": 30, "wait_days": 84}),
    Kind("beacon-young-people", "beacon", "Beacon young people's service",
         ("child_sexual_abuse", "child_abuse", "violence", "robbery", "domestic_abuse", "child_criminal_exploitation"),
         "Support for children and young people up to 18, at school, at home or online.", ages=(None, 17),
         high_risk=True, needs=("health", "family", "work_learning"), specialisms=("young_peoples_service",),
         more={"modes": ["school", "chat", "face_to_face"], "made_for": ["young"], "access": ["supporter"],
               "sites": [_site("Sample Youth Hub", "2 Invented Row", "B5 4UA", "step_free")]}),
    Kind("crossways-hate-crime", "crossways", "Crossways hate crime support", ("hate_crime", "hate_incident"),
         "For anyone harmed for who they are. You do not need to have told the police.", ages=(None, None),
         specialisms=("hate_crime_service",), needs=("social", "outlook")),
    Kind("crossways-lgbt", "crossways", "Crossways LGBT+ support", ("hate_crime", "violence", "domestic_abuse"),
         "Support by and for LGBT+ people.", specialisms=("LGBT+",), needs=("social", "health"),
         more={"made_for": ["lgbt", "trans"], "modes": ["chat", "group", "phone"]}),
    Kind("roadside-bereaved", "roadside", "Roadside support after a collision",
         ("fatal_road_collision", "serious_road_injury"),
         "For people bereaved or badly hurt on the road, for as long as it takes.", ages=(None, None),
         weeks=(10, 50), needs=("health", "money", "family"), specialisms=("road_victim_charity",),
         more={**FREE, "modes": ["phone", "at_home"]}),
    Kind("counterpoint-business", "counterpoint", "Counterpoint business crime advice", ("business_crime",),
         "A visit, advice on making your premises safe, and somebody to ring.", business=True, weeks=(1, 8),
         needs=("money", "outlook"), specialisms=("business_crime_service",),
         more={"modes": ["at_home", "phone"], "criteria": ["small_business"],
               "posts": [_post("Adviser for farms and the country", made_for=("rural",))]}),
    Kind("evergreen-over-55s", "evergreen", "Evergreen support for over-55s",
         ("burglary", "fraud_cyber", "robbery", "adult_at_risk_abuse", "theft"),
         "Practical and emotional help for people over 55, at home if you like.", ages=(55, None),
         needs=("money", "social", "health"),
         more={"made_for": ["older"], "modes": ["at_home", "phone"], "access": ["step_free", "text_not_voice"]}),
    Kind("hearth-womens-centre", "hearth", "Hearth women's centre",
         ("honour_based_abuse", "forced_marriage", "fgm", "domestic_abuse", "modern_slavery"),
         "A women's centre with workers who speak Punjabi, Urdu, Polish and Romanian.", ages=(16, None),
         high_risk=True, languages=("pa", "ur", "pl", "ro"), sexes=("female",),
         needs=("accommodation", "family", "money"), specialisms=("harmful_practices_specialist",),
         more={"made_for": ["women", "black_minoritised"], "location_protected": True,
               "modes": ["face_to_face", "stay"], "access": ["female_worker", "childcare"],
               "posts": [_post("Adviser for Polish speakers", languages=("pl",))]}),
    Kind("evergreen-neighbours", "evergreen", "Evergreen support after crime",
         ("violence", "robbery", "burglary", "theft", "criminal_damage_arson", "vehicle_crime", "harassment",
          "antisocial_behaviour", "public_order", "fraud_cyber", "other"),
         "Practical help and a listening ear after any crime.", ages=(None, None), weeks=(2, 12),
         needs=("outlook", "health", "accommodation"),
         more={**FREE, "sites": [_site("Sample Community Centre", "1 Pretend Street", "B1 1BB", "step_free")]}),
)  # fmt: skip

"""Pure rules of kinds: who is a victim by the Act, and what has to be said of each kind."""

from alongside.core.errors import RuleBroken

PERSON, BEREAVED, WITNESS, BUSINESS = "person", "bereaved", "witness", "business"


def check(kind: str, *, was: str, harmed: str, relation: str, side: str) -> None:
    """Refuses a witness who was harmed, for whom the Act has the word victim; and a kind without what it needs."""
    if was == BUSINESS:
        raise RuleBroken("A business is a victim as a business. Correct its record if it is a person after all.")
    if kind == WITNESS and harmed != "no":
        raise RuleBroken(
            "Whoever was harmed by seeing or hearing a crime is a victim of it by law. Choose a victim, or say that it "
            "did not harm them.", "harmed",
        )  # fmt: skip
    if kind == WITNESS and not side:
        raise RuleBroken("Say for whom they may give evidence, or that it is not known yet.", "side")
    if kind == BEREAVED and not relation:
        raise RuleBroken("Say how they knew whoever died.", "relation")

"""What somebody says on the telephone. Nobody is real."""

from typing import Any

SAID: dict[str, Any] = {
    "danger": "no", "agreed": True, "given_name": "Testina", "family_name": "Sampleford", "birth_date": None,
    "postcode": "", "phone": "07700 900123", "phone_safe": "yes", "times": [], "message": "no", "email": "",
    "email_safe": "", "others": "Ask for Tina", "happened": "attacked", "reported": "no", "language": "en",
    "interpreter": "no", "notes": "Would like to talk.",
}  # fmt: skip
TYPED = {**{name: said for name, said in SAID.items() if said and name != "agreed"}, "agreed": "on"}

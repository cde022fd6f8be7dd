"""The moves of a flag: it is answered once, by whoever runs the service or by the hub."""

from alongside.core.lifecycle import Lifecycle, Move
from alongside.foundation.office.accounts.permissions import Permission as P

WAITING, ANSWERED = "WAITING", "ANSWERED"

flag = Lifecycle("flag", Move("answer", WAITING, ANSWERED, needs=P.SERVICE_MANAGE))

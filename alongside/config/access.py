"""What other packages' views need and which realms may touch their tables: their code declares neither."""

from alongside.core.access.declare import Declared, Open
from alongside.core.rows.realms import Realm

_BEFORE = (
    "account_login",
    "account_logout",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "mfa_authenticate",
    "mfa_login_webauthn",
)
_AFTER = (
    "account_reauthenticate",
    "account_change_password",
    "account_set_password",
    "mfa_index",
    "mfa_reauthenticate",
    "mfa_reauthenticate_webauthn",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_list_webauthn",
    "mfa_add_webauthn",
    "mfa_edit_webauthn",
    "mfa_remove_webauthn",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes",
    "usersessions_list",
)

FOREIGN_ACCESS: dict[str, Declared] = {
    **{name: Declared(Open.SIGN_IN) for name in _BEFORE},
    **{name: Declared(Open.SIGNED_IN, realm=Realm.AUTH) for name in _AFTER},
}

_WHOLE = "select insert update delete"
_OPERATED = {Realm.WORKER: _WHOLE, Realm.HUB: "select", Realm.COMMISSIONING: "select"}
FOREIGN_TABLES: dict[str, dict[Realm, str]] = {
    "django_session": {Realm.AUTH: _WHOLE, Realm.WORKER: "select delete"},
    "account_emailaddress": {Realm.AUTH: _WHOLE, Realm.WORKER: "select delete"},
    "mfa_authenticator": {Realm.AUTH: _WHOLE, Realm.WORKER: "select delete"},
    "usersessions_usersession": {Realm.AUTH: _WHOLE, Realm.WORKER: "select delete"},
    "core_cache": dict.fromkeys((Realm.AUTH, Realm.PUBLIC, Realm.WORKER), _WHOLE),  # counts of tries, and no record
    "django_content_type": {Realm.AUTH: "select", Realm.WORKER: "select"},
    "procrastinate_jobs": _OPERATED,
    "procrastinate_events": _OPERATED,
    "procrastinate_periodic_defers": {Realm.WORKER: _WHOLE},
    "procrastinate_workers": _OPERATED,
}  # fmt: skip

# Functions of the domains' own migrations that run as the owner, and the realms that may call them.
LENT_FUNCTIONS: dict[str, tuple[Realm, ...]] = {
    "restricted_break": (Realm.HUB, Realm.PROVIDER),
    "restricted_say": (Realm.HUB, Realm.PROVIDER),
    "restricted_close_name": (),
    "restricted_by_rule": (),
    "restricted_name_by_rule": (),
    "feeds_behind_names": (Realm.HUB,),
    "onthespot_behind_names": (Realm.HUB,),
    "guarded_hubs": (Realm.HUB,),
    "appointments_busy": (Realm.PUBLIC,),
    "others_managed": (Realm.PROVIDER,),
    "audits_told": (Realm.PROVIDER,),
    "others_said": (Realm.PROVIDER,),
    "groups_against": (Realm.PROVIDER,),
    "journey_stands": (Realm.PUBLIC,),
    "tools_stands": (Realm.PUBLIC,),
    "journey_stop_using": (Realm.PUBLIC,),
    "journey_managed": (Realm.PROVIDER,),
}

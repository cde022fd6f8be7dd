"""Addresses of allauth's pages, one by one. What is not listed (open sign-up, own e-mail) does not exist."""

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, re_path

from alongside.foundation.office.accounts import views

urlpatterns = [
    path("", views.sign_in, name="account_login"),
    path("up/", views.sign_up, name="account_signup"),
    path("out/", views.sign_out, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("again/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("forgotten/", account.password_reset, name="account_reset_password"),
    path("forgotten/sent/", account.password_reset_done, name="account_reset_password_done"),
    re_path(r"^forgotten/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$", account.password_reset_from_key,
            name="account_reset_password_from_key"),
    path(
        "forgotten/done/", account.password_reset_from_key_done, name="account_reset_password_from_key_done"
    ),
    path("factor/", views.factors, name="mfa_index"),
    path("factor/ask/", mfa.authenticate, name="mfa_authenticate"),
    path("factor/again/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("factor/app/", views.activate_totp, name="mfa_activate_totp"),
    path("factor/app/remove/", views.deactivate_totp, name="mfa_deactivate_totp"),
    path("factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("factor/codes/new/", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("factor/codes/download/", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("factor/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("factor/passkeys/add/", views.add_webauthn, name="mfa_add_webauthn"),
    path("factor/passkeys/again/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("factor/passkeys/<int:pk>/remove/", views.remove_webauthn, name="mfa_remove_webauthn"),
    path("factor/passkeys/<int:pk>/edit/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkey/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("sessions/", views.sessions, name="usersessions_list"),
]  # fmt: skip

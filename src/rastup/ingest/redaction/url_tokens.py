"""Secrets in URLs: telling parameters, passwords before the host, JSON web tokens, opaque parts of telling paths."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rastup.ingest.redaction.spans import Span
from rastup.ingest.redaction.words import words

_NAMES = words("""
    token access_token id_token refresh_token auth_token csrf_token xsrf_token bearer_token api_token
    session_token reset_token login_token magic_token invite_token security_token sas_token
    verification_token confirmation_token invitation_token click_token x-token oauth_token
    reset_password_token password_token unlock_token authtoken accesstoken usertoken user_token
    device_token refreshtoken idtoken csrfmiddlewaretoken authenticity_token x-amz-signature
    x-amz-credential x-amz-security-token x-goog-signature x-goog-credential sig signature hmac secret
    client_secret api_secret app_secret shared_secret secret_key clientsecret oauth_verifier
    code_verifier api_key apikey api-key access_key access_key_id accesskey awsaccesskeyid auth_key
    private_key subscription_key subscription-key account_key x-api-key key_secret password pass passwd
    passphrase passcode pwd passwort password1 new_password userpass contrasena contraseña jwt
    samlrequest samlresponse assertion auth authorization credential credentials otp nonce ticket sid
    sessionid session_key phpsessid jsessionid asp.net_sessionid connect.sid oobcode magic magic_link
""")
_AMBIGUOUS = words("code key auth_code authcode authorization_code t tk h hash_key session session_id invite")
"""Names of harmless things too (a musical key, a country's code): their value has to look opaque."""
_TELLING_PARTS = words("""
    reset reset-password reset_password password password-reset password_reset verify verify-email
    verify_email verification confirm confirmation activate activation invite invites invitation
    invitations magic magic-link login signin sign-in unsubscribe token tokens auth services hooks
    webhook webhooks bot set-password recover recovery unlock
""")
TELLING = frozenset(word.encode() for word in _NAMES | _AMBIGUOUS | _TELLING_PARTS)
"""Parts of URLs in UTF-8, one of which is in each that holds a secret, or one begins as a key does."""
_VALUE = r"=(?!\[)(?P<secret>[^&#\s\"'<>]{3,})"
_PARAMETER = re.compile(r"[?&#;\s\"'](?P<name>[\w.\-]{1,40})" + _VALUE)
_FIRST = re.compile(r"(?P<name>[\w.\-]{1,40})" + _VALUE)
_OPAQUE = re.compile(r"(?=[^\d]*\d)(?=[^A-Za-z]*[A-Za-z]).{8}", re.S)
_PART = re.compile(r"/(?P<secret>(?![a-z]{2,6}_(?<!/sk_)(?<!/rk_))[\w\-.~:]{20,512})(?![\w\-.~])")
_OPAQUE_PART = re.compile(r"[^0-9A-Z]*[0-9A-Z]")
_USER = re.compile(r"://(?P<secret>[^\s/@:?#\[]{0,128}:[^\s/@?#]{1,128})@")
_JSON_WEB_TOKEN = re.compile(r"eyJ(?<![\w\-.]eyJ)[\w\-]{8,}\.[\w\-]{8,}(?:\.[\w\-]*){0,3}")
_KEY = re.compile(
    r"[sr]k_(?:live|test)_[A-Za-z0-9]{8}|whsec_[A-Za-z0-9]{16}|gh[pousr]_[A-Za-z0-9]{30}|xox[abprs]-[\w\-]{10}"
    r"|(?:AKIA|ASIA)[0-9A-Z]{16}|AIza[\w\-]{35}|ya29\.[\w\-]{10}|SG\.[\w\-]{16,}\.[\w\-]{16}|bot\d{6,}:[\w\-]{20}"
)
_KEY_STARTS = words("sk rk wh gh xo AK AS AI ya SG bo")
KEYS_BEGIN = frozenset(b"sk_ rk_ whs ghp gho ghu ghs ghr xox aki asi aiz ya2 sg. bot".split())


def find(text: str) -> list[Span]:
    """Where there are secrets in URLs."""
    found: list[Span] = []
    if "=" in text:
        if (
            text[0] not in "/h"
            and (first := _FIRST.match(text))
            and _is_secret(first["name"], first["secret"])
        ):
            found.append(first.span("secret"))
        for name, value in _PARAMETER.findall(text):
            if _is_secret(name, value):
                found += _in_parameters(text)
                break
    if "/" in text:
        if "@" in text:
            found += [match.span("secret") for match in _USER.finditer(text)]
        if _PART.search(text):
            found += _in_paths(text)
    if "eyJ" in text:
        found += [match.span() for match in _JSON_WEB_TOKEN.finditer(text)]
    return found


def _is_secret(name: str, value: str) -> bool:
    name = name.lower()
    return (
        name in _NAMES
        or (name in _AMBIGUOUS and _OPAQUE.match(value) is not None)
        or (value[:2] in _KEY_STARTS and _KEY.match(value) is not None)
    )


def _in_parameters(text: str) -> Iterator[Span]:
    for match in _PARAMETER.finditer(text):
        if _is_secret(match["name"], match["secret"]):
            yield match.span("secret")


def _in_paths(text: str) -> Iterator[Span]:
    for match in _PART.finditer(text):
        part = match["secret"]
        parts = text[max(0, match.start() - 80) : match.start()].lower().split("/")[-3:]
        if _KEY.match(part) or (not _TELLING_PARTS.isdisjoint(parts) and _OPAQUE_PART.match(part)):
            yield match.span("secret")

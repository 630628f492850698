"""Signs as providers do, with the standard library and a certificate chain made here: what our verification is judged by."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

TOPIC = "arn:aws:sns:us-east-1:123456789012:ses-events"
CERT_URL = "https://sns.us-east-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem"
HOSTS = r"sns\.[a-z]{2}(?:-[a-z]+)+-[0-9]\.amazonaws\.com(?:\.cn)?"
MOMENT = dt.datetime(2026, 11, 6, 15, 24, 18, tzinfo=dt.UTC)


def stripe_header(body: bytes, secret: str, at: float) -> str:
    signature = hmac.new(secret.encode(), f"{int(at)}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={int(at)},v1={signature}"


def docusign_signature(body: bytes, key: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), body, hashlib.sha256).digest()).decode()


def event_hash(time: str, kind: str, key: str) -> str:
    return hmac.new(key.encode(), (time + kind).encode(), hashlib.sha256).hexdigest()


def multipart(document: Any, boundary: str = "xYzZY", name: str = "json") -> tuple[bytes, str]:
    """A form with one field, and its content type."""
    part = f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    body = f"{part}{json.dumps(document)}\r\n--{boundary}--\r\n"
    return body.encode(), f"multipart/form-data; boundary={boundary}"


@dataclass(frozen=True)
class Authority:
    """A certificate authority, its intermediate and a signer below them, as PEM."""

    root: bytes
    intermediate: bytes
    leaf: bytes
    key: rsa.RSAPrivateKey

    @property
    def served(self) -> bytes:
        """The file that is served: the signer and its issuer."""
        return self.leaf + self.intermediate


@cache
def authority(
    host: str = "sns.amazonaws.com", *, valid_from: int = 2026, bits: int = 2048, with_names: bool = True
) -> Authority:
    """A chain of three, valid for one year."""
    start, end = (dt.datetime(year, 1, 1, tzinfo=dt.UTC) for year in (valid_from, valid_from + 1))
    root_key, middle_key, leaf_key = _key(2048), _key(2048), _key(bits)
    root = _certificate("Test Root", root_key, None, None, start, end, is_authority=True)
    middle = _certificate("Test CA", middle_key, root, root_key, start, end, is_authority=True)
    leaf = _certificate(
        host, leaf_key, middle, middle_key, start, end, is_authority=False, names=[host] if with_names else []
    )
    return Authority(_pem(root), _pem(middle), _pem(leaf), leaf_key)


def sns_message(message: Any, *, kind: str = "Notification", **changed: Any) -> dict[str, Any]:
    """An unsigned message of SNS."""
    text = message if isinstance(message, str) else json.dumps(message)
    found = {
        "Type": kind,
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": TOPIC,
        "Message": text,
        "Timestamp": "2026-11-06T15:24:18.000Z",
        "SignatureVersion": "2",
        "SigningCertURL": CERT_URL,
    }
    if kind != "Notification":
        query = f"Action=ConfirmSubscription&TopicArn={TOPIC}&Token=2336412f37"
        found |= {"Token": "2336412f37", "SubscribeURL": f"https://sns.us-east-1.amazonaws.com/?{query}"}
    return found | changed


def sign_sns(message: dict[str, Any], signer: Authority | None = None) -> dict[str, Any]:
    """Adds the signature. The text that is signed is written out here, by AWS's documentation."""
    if message["Type"] == "Notification":
        text = f"Message\n{message['Message']}\nMessageId\n{message['MessageId']}\n"
        text += f"Subject\n{message['Subject']}\n" if "Subject" in message else ""
        text += (
            f"Timestamp\n{message['Timestamp']}\nTopicArn\n{message['TopicArn']}\nType\n{message['Type']}\n"
        )
    else:
        text = f"Message\n{message['Message']}\nMessageId\n{message['MessageId']}\n"
        text += f"SubscribeURL\n{message['SubscribeURL']}\nTimestamp\n{message['Timestamp']}\n"
        text += f"Token\n{message['Token']}\nTopicArn\n{message['TopicArn']}\nType\n{message['Type']}\n"
    hashing = hashes.SHA1() if message["SignatureVersion"] == "1" else hashes.SHA256()
    key = (signer or authority()).key
    signature = key.sign(text.encode(), padding.PKCS1v15(), hashing)
    return message | {"Signature": base64.b64encode(signature).decode()}


def _key(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _certificate(
    name: str,
    key: rsa.RSAPrivateKey,
    issuer: x509.Certificate | None,
    issuer_key: rsa.RSAPrivateKey | None,
    start: dt.datetime,
    end: dt.datetime,
    *,
    is_authority: bool,
    names: list[str] | None = None,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    signing = issuer_key or key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), critical=False
        )
        .add_extension(
            x509.KeyUsage(
                digital_signature=not is_authority,
                content_commitment=False,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                key_cert_sign=is_authority,
                crl_sign=is_authority,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
    )
    if names:
        alternative = x509.SubjectAlternativeName([x509.DNSName(n) for n in names])
        builder = builder.add_extension(alternative, critical=False).add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False
        )
    return builder.sign(signing, hashes.SHA256())

"""Certificates that sign SNS messages: from an allowed address alone, checked, and kept."""

from __future__ import annotations

import asyncio
import itertools
import re
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.x509 import (
    Certificate,
    DNSName,
    ExtensionNotFound,
    SubjectAlternativeName,
    load_pem_x509_certificates,
)
from cryptography.x509.verification import PolicyBuilder, Store, VerificationError

from rastup.core.errors import ConfigError
from rastup.ingest.webhooks.downloads import body_of

FILE_PATTERN = r"SimpleNotificationService-[A-Za-z0-9]{1,64}\.pem"
SIGNER = re.compile(r"sns(?:\.[a-z0-9-]+)?\.amazonaws\.com(?:\.cn)?")
LEAST_KEY_BITS = 2048
MOST_BYTES = 64 * 1024
MOST_KEPT = 64
FORGET_FAILURE_S = 30.0
DOWNLOADS_A_MINUTE = 20
"""Anyone may name a certificate before anything is verified: more downloads than this are not made for strangers."""


class CertificateRefusedError(Exception):
    """The certificate is not one that may sign for SNS."""


class CertificateSource(Protocol):
    """Where a certificate's file is read. Only addresses that are allowed are asked for."""

    def fetch(self, url: str) -> bytes:
        """The PEM file.

        Raises:
            OSError: it cannot be had at this moment.
        """
        ...


class Https:
    """Downloads, never redirected."""

    def fetch(self, url: str) -> bytes:
        """See `CertificateSource`."""
        import requests  # 20 MB and a tenth of a second: only where something is downloaded

        with requests.get(url, timeout=(3.0, 5.0), allow_redirects=False, stream=True) as answer:
            if answer.status_code != 200:
                raise OSError(f"status {answer.status_code}")
            data = body_of(answer, MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise OSError("too large for a certificate")
        return data


class Folder:
    """Files that an operator has put there, by their name; what is not there is asked of another source."""

    def __init__(self, folder: Path, otherwise: CertificateSource) -> None:
        self._folder = folder
        self._otherwise = otherwise

    def fetch(self, url: str) -> bytes:
        """See `CertificateSource`."""
        path = self._folder / url.rpartition("/")[2]
        return path.read_bytes() if path.is_file() else self._otherwise.fetch(url)


@dataclass(frozen=True, slots=True)
class Signer:
    """A certificate that was checked, as far as that does not depend on the message."""

    key: RSAPublicKey
    certificate: Certificate

    def is_valid_at(self, moment: datetime) -> bool:
        """Whether the certificate was valid at that time: SNS's certificates end, its signatures do not."""
        leaf = self.certificate
        return leaf.not_valid_before_utc <= moment <= leaf.not_valid_after_utc


class Certificates:
    """Signers by address, each fetched once.

    Args:
        source: of the files.
        host_pattern: regular expression of the hosts that may serve them.
        authorities: certificates that signers must chain to; None trusts the TLS of the download, as AWS's own
            validators do, because SNS serves its certificates without their issuers.
    """

    def __init__(self, source: CertificateSource, host_pattern: str, authorities: Path | None = None) -> None:
        self._source = source
        self._url = re.compile(rf"https://(?:{host_pattern})/{FILE_PATTERN}")
        self._authorities = _load_authorities(authorities) if authorities else None
        self._signers: dict[str, Signer] = {}
        self._failed: dict[str, float] = {}
        self._coming: dict[str, asyncio.Task[Signer]] = {}
        self._downloads: list[float] = []

    def is_allowed(self, url: str) -> bool:
        """Whether a certificate may be fetched there."""
        return self._url.fullmatch(url) is not None

    async def signer(self, url: str, at: datetime) -> Signer:
        """The signer whose certificate lies at an address.

        Raises:
            CertificateRefusedError: the address is not allowed, or the certificate is none that may sign for SNS.
            OSError: it cannot be had at this moment.
        """
        if not self.is_allowed(url):
            raise CertificateRefusedError("its address is not allowed")
        if (known := self._signers.get(url)) is not None:
            return known
        if url not in self._coming:
            self._coming[url] = asyncio.ensure_future(self._fetch(url, at))
            self._coming[url].add_done_callback(lambda _: self._coming.pop(url, None))
        return await asyncio.shield(self._coming[url])

    async def _fetch(self, url: str, at: datetime) -> Signer:
        self._check_pace(url)
        try:
            pem = await asyncio.to_thread(self._source.fetch, url)
            signer = checked(pem, self._authorities, at)
        except (OSError, CertificateRefusedError):
            self._failed[url] = time.monotonic()
            raise
        if len(self._signers) >= MOST_KEPT:
            del self._signers[next(iter(self._signers))]
        self._signers[url] = signer
        return signer

    def _check_pace(self, url: str) -> None:
        now = time.monotonic()
        self._failed = {u: t for u, t in self._failed.items() if now - t < FORGET_FAILURE_S}
        self._downloads = [t for t in self._downloads if now - t < 60]
        if url in self._failed or len(self._downloads) >= DOWNLOADS_A_MINUTE:
            raise OSError("it failed a moment ago, or too many certificates were asked for")
        self._downloads.append(now)


def checked(pem: bytes, authorities: Store | None, at: datetime) -> Signer:
    """The signer in a PEM file: its certificate, and its issuers after it as far as they are there.

    Raises:
        CertificateRefusedError: says why.
    """
    try:
        chain = load_pem_x509_certificates(pem)
    except ValueError as error:
        raise CertificateRefusedError("it is no certificate") from error
    leaf, key = chain[0], chain[0].public_key()
    if not isinstance(key, RSAPublicKey) or key.key_size < LEAST_KEY_BITS:
        raise CertificateRefusedError("its key is not RSA of 2048 bits or more")
    names = [name for name in _names(leaf) if SIGNER.fullmatch(name)]
    if not names:
        raise CertificateRefusedError("it is not SNS's")
    try:
        for below, above in itertools.pairwise(chain):
            below.verify_directly_issued_by(above)
        if authorities is not None:
            builder = PolicyBuilder().store(authorities).time(at)
            builder.build_server_verifier(DNSName(names[0])).verify(leaf, chain[1:])
    except (InvalidSignature, ValueError, TypeError, VerificationError) as error:
        raise CertificateRefusedError("its chain of issuers does not hold") from error
    return Signer(key, leaf)


def _names(certificate: Certificate) -> list[str]:
    try:
        names = certificate.extensions.get_extension_for_class(SubjectAlternativeName).value
    except (ExtensionNotFound, ValueError):
        return []
    return names.get_values_for_type(DNSName)


def _load_authorities(path: Path) -> Store:
    try:
        return Store(load_pem_x509_certificates(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise ConfigError(f"webhooks.sns_authorities: {path}: {error}") from error

"""The certificate by which a phone recognises this computer, and its key.

Browsers allow cameras only on encrypted pages, and no authority can certify an address
at home; so the certificate is signed by this computer itself, and the fingerprint is
shown to be compared. Note: key and certificate are one file (0600), so that neither is
ever without the other; a key that somebody else could read is thrown away; the key
stays when only the address has changed.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Final

from twitch_tracker.exchange.disk.durable import to_disk
from twitch_tracker.exchange.whole import whole_or_none

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

__all__ = ["Identity", "identity_for"]

_FILE: Final = "identity.pem"
_VALID: Final = timedelta(days=397)
"""Phones refuse certificates of servers that last longer than 398 days."""

_EARLY: Final = timedelta(days=1)
"""A phone's clock may be late."""

_RENEW: Final = timedelta(days=30)
_MOST_ADDRESSES: Final = 8
"""Networks that are remembered, so that going back and forth changes nothing."""


@dataclass(frozen=True, kw_only=True)
class Identity:
    """The certificate by which a phone knows this computer.

    Attributes
    ----------
    path : Path
        Key and certificate (PEM), for this user alone.
    fingerprint : str
        SHA-256 of the certificate, as phones write it: ``3F:0A:...``.
    until : datetime
        When it ends; aware.
    """

    path: Path
    fingerprint: str
    until: datetime


def identity_for(
    folder: Path, address: str, *, now: datetime | None = None
) -> Identity:
    """Return the certificate for an address; made, or made again, when it must be.

    Parameters
    ----------
    folder : Path
        Where it is kept; made (0700) when missing.
    address : str
        The address that phones will ask.
    now : datetime, optional
        The time; aware.

    Returns
    -------
    Identity
        Good for 30 days at least.

    Raises
    ------
    OutputNotWritable
        It cannot be kept.
    """
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec

    moment = now or datetime.now(UTC)
    path = folder / _FILE
    kept = _read(path)
    key, certificate = kept or (ec.generate_private_key(ec.SECP256R1()), None)
    if certificate is None or not _good(certificate, address, moment):
        before = _addresses(certificate) if certificate else ()
        wanted = tuple(dict.fromkeys((address, *before)))[:_MOST_ADDRESSES]
        certificate = _make(key, wanted, moment)
        _write(path, key, certificate)
    assert isinstance(certificate, x509.Certificate)  # noqa: S101 - for the type
    digest = certificate.fingerprint(hashes.SHA256()).hex(":").upper()
    return Identity(
        path=path, fingerprint=digest, until=certificate.not_valid_after_utc
    )


def _read(path: Path) -> tuple[EllipticCurvePrivateKey, x509.Certificate] | None:
    """Read what is kept; None when there is nothing that may be used."""
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    with contextlib.suppress(OSError, ValueError):
        if _others_could_read(path):
            return None
        text = path.read_bytes()
        key = load_pem_private_key(text, password=None)
        certificate = x509.load_pem_x509_certificate(text)
        same = isinstance(key, ec.EllipticCurvePrivateKey) and (
            key.public_key() == certificate.public_key()
        )
        if isinstance(key, ec.EllipticCurvePrivateKey) and same:
            return key, certificate
    return None


def _others_could_read(path: Path) -> bool:
    if sys.platform == "win32":
        return False
    certificate = path.lstat()
    return (
        not stat.S_ISREG(certificate.st_mode)
        or certificate.st_uid != os.geteuid()
        or bool(stat.S_IMODE(certificate.st_mode) & 0o077)
    )


def _good(certificate: x509.Certificate, address: str, moment: datetime) -> bool:
    begun = certificate.not_valid_before_utc <= moment
    return (
        begun
        and moment + _RENEW < certificate.not_valid_after_utc
        and address in _addresses(certificate)
    )


def _addresses(certificate: x509.Certificate) -> tuple[str, ...]:
    from cryptography import x509

    try:
        names = certificate.extensions.get_extension_for_class(
            x509.SubjectAlternativeName
        )
    except x509.ExtensionNotFound:
        return ()
    return tuple(map(str, names.value.get_values_for_type(x509.IPAddress)))


def _make(
    key: EllipticCurvePrivateKey, addresses: tuple[str, ...], moment: datetime
) -> x509.Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "twitch_tracker")])
    names = [x509.IPAddress(ip_address(one)) for one in addresses]
    usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - _EARLY)
        .not_valid_after(moment - _EARLY + _VALID)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_for_signing(), critical=True)
        .add_extension(usage, critical=False)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False
        )
        .sign(key, hashes.SHA256())
    )


def _for_signing() -> x509.KeyUsage:
    from cryptography import x509

    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


def _write(
    path: Path, key: EllipticCurvePrivateKey, certificate: x509.Certificate
) -> None:
    """Write both so that nobody else could read them at any moment."""
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
    )

    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    with whole_or_none(part, path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secret + certificate.public_bytes(Encoding.PEM))
            to_disk(file)

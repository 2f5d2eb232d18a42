"""The certificate that a phone is shown, and its key."""

from __future__ import annotations

import ssl
import stat
import sys
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from twitch_tracker.app.phone.certificate import identity_for
from twitch_tracker.errors import OutputNotWritable

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")

HOME = "192.168.1.20"


def told(identity):
    return x509.load_pem_x509_certificate(identity.path.read_bytes())


def key(identity):
    found = load_pem_private_key(identity.path.read_bytes(), None)
    return found.private_numbers().private_value


@posix
def test_key_and_certificate_are_for_their_user_alone(tmp_path):
    identity = identity_for(tmp_path / "phone", HOME)
    assert stat.S_IMODE(identity.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(identity.path.parent.stat().st_mode) == 0o700
    assert [path.name for path in identity.path.parent.iterdir()] == ["identity.pem"]


def test_it_is_one_that_phones_take(tmp_path):
    """397 days at most, the address in its names, for servers, no authority."""
    certificate = told(identity_for(tmp_path, HOME))
    length = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    assert length <= timedelta(days=398)
    assert certificate.not_valid_before_utc < datetime.now(UTC)
    found = certificate.extensions
    names = found.get_extension_for_class(x509.SubjectAlternativeName).value
    assert list(map(str, names.get_values_for_type(x509.IPAddress))) == [HOME]
    assert not found.get_extension_for_class(x509.BasicConstraints).value.ca
    usage = found.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert usage == x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.SERVER_AUTH])


def test_the_fingerprint_is_that_of_the_certificate(tmp_path):
    import hashlib

    identity = identity_for(tmp_path, HOME)
    der = ssl.PEM_cert_to_DER_cert(
        "-----BEGIN CERT"
        + identity.path.read_text(encoding="ascii").partition("-----BEGIN CERT")[2]
    )
    digest = hashlib.sha256(der).hexdigest().upper()
    assert identity.fingerprint.replace(":", "") == digest
    assert len(identity.fingerprint) == 95


def test_it_stays_the_same(tmp_path):
    first = identity_for(tmp_path, HOME)
    assert identity_for(tmp_path, HOME) == first


def test_another_network_makes_it_anew_with_the_same_key(tmp_path):
    """And coming back changes nothing."""
    first = identity_for(tmp_path, HOME)
    kept = key(first)
    second = identity_for(tmp_path, "fd12::5")
    assert second.fingerprint != first.fingerprint
    assert key(second) == kept
    assert identity_for(tmp_path, HOME).fingerprint == second.fingerprint


def test_it_is_made_anew_before_it_ends(tmp_path):
    first = identity_for(tmp_path, HOME)
    late = first.until - timedelta(days=20)
    second = identity_for(tmp_path, HOME, now=late)
    assert second.until > first.until
    early = datetime.now(UTC) - timedelta(days=400)
    assert identity_for(tmp_path, HOME, now=early).fingerprint != second.fingerprint


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_that_others_could_read_is_thrown_away(tmp_path, mode):
    first = identity_for(tmp_path, HOME)
    kept = key(first)
    first.path.chmod(mode)
    second = identity_for(tmp_path, HOME)
    assert key(second) != kept
    assert stat.S_IMODE(second.path.stat().st_mode) == 0o600


@posix
def test_a_key_that_is_a_link_is_not_followed(tmp_path):
    elsewhere = identity_for(tmp_path / "other", HOME)
    (tmp_path / "phone").mkdir()
    (tmp_path / "phone" / "identity.pem").symlink_to(elsewhere.path)
    mine = identity_for(tmp_path / "phone", HOME)
    assert not mine.path.is_symlink()
    assert key(mine) != key(elsewhere)


@pytest.mark.parametrize("damage", [b"", b"no key", b"-----BEGIN PRIVATE KEY-----\n"])
def test_a_damaged_one_is_made_anew(tmp_path, damage):
    identity_for(tmp_path, HOME).path.write_bytes(damage)
    assert len(identity_for(tmp_path, HOME).fingerprint) == 95


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "phone").write_bytes(b"")
    with pytest.raises(OutputNotWritable, match="could not be written"):
        identity_for(tmp_path / "phone", HOME)

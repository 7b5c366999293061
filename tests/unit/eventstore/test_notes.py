"""Signed notes and cosignatures against what other implementations published."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.eventstore.log.cosignature import CosignatureVerifier, Cosigner, witness_name
from shared.eventstore.log.note import (
    MOST_SIGNATURES,
    Checkpoint,
    Signer,
    UnverifiableNote,
    Verifier,
    verifier_key_of,
)

# The example of Go's golang.org/x/mod/sumdb/note, from its package documentation and note_test.go.
GO_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
GO_TEXT = (
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
)
GO_LINE = (
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
GO_NOTE = f"{GO_TEXT}\n{GO_LINE}"
GO_SECRET = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"

# A checkpoint of the public log arche2025h1 (staging.ct.transparency.dev) as witnesses of the public network
# cosigned it, among them remora.n621.de, whose verifier key is also in transparency-dev/formats,
# note/note_cosigv1_test.go. Its first signature is of a type that is not read here.
CT_NOTE = """\
arche2025h1.staging.ct.transparency.dev
1432088532
U7WM79jrzyhGZ5/GUBTpM7NzwdyfFx61t3RovgcC4Ro=

— arche2025h1.staging.ct.transparency.dev zTM8sQAAAZ5W0WdjBAMARjBEAiBjW5IQf9pvsYLfQFX6hoGREPMHbdQ3urbllzalApkptQIgIpwtEroeW2BXaHAI4kJXFbon5Ch9MNL5zRNZ55lvGt0=
— arche2025h1.staging.ct.transparency.dev ui8GwCF1+kWqZrxGdhj4aX3gcw7XUlXQQabg/27lefwhUkzbC3NygNI75MdhL1bfTW9g8Ei59RA23oHP7Ry1k3ZFWwQ=
— transparency.dev/DEV:witness-little-garden 2AQqhwAAAABqEiEgzgFIqqhbUoDwjMWE6UP8nd8/KYTzwZ2rhIgcqoXHAwVkjZr4AscylP3v7sEodkRAErumC2q44vdgJY096st5BQ==
— witness1.smartit.nu/witness1 pIyCDwAAAABqEiEghIp82KWebrw7/oHQwlTAm3g2RKS4+eebl8eO0WH+/iEcxZ75W3u5hNI7TOQtmJbqmNWVuE0tgh0XwzdZsDsUAQ==
— remora.n621.de 2net5wAAAABqEiEgPlfF3V06o0Y+fHM+J5J9s27wgxxcOVSpZ/2g/KSiXCg9DEZI+aVCIobWX9sXTynk5XeU/zZ0WBxtqB0DrAWfBw==
— witness.stagemole.eu Z/euoAAAAABqEiEgw0i+7g2ENfDAWHmtRzCfKTHSDwYDJA2NmKeGi9Y8FtEyOUvVr+AJmIY/2TUFucgKi7lI7cUiOvKFYe/TmN9DAg==
"""  # noqa: E501  # as they were published
CT_LOG = "arche2025h1.staging.ct.transparency.dev+ba2f06c0+AU0vHmlGCS/PdN8b2OaGmKprLI8HKM+dJ472xgFYh15f"
CT_WITNESS = "remora.n621.de+da77ade7+BOvN63jn/bLvkieywe8R6UYAtVtNbZpXh34x7onlmtw2"

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
NOTE = Signer("tanfidh/registry/x", KEY).sign(Checkpoint("tanfidh/registry/x", 3, bytes(32)).text())


def test_the_note_of_gos_example_is_accepted_and_made_byte_for_byte() -> None:
    assert Verifier(GO_KEY).open(GO_NOTE) == GO_TEXT
    signer = Signer("PeterNeumann", Ed25519PrivateKey.from_private_bytes(base64.b64decode(GO_SECRET)[1:]))
    assert (signer.verifier_key, signer.sign(GO_TEXT)) == (GO_KEY, GO_NOTE)


def test_a_changed_note_of_gos_example_is_refused() -> None:
    with pytest.raises(UnverifiableNote, match="does not fit"):
        Verifier(GO_KEY).open(GO_NOTE.replace("answer", "Answer"))


def test_signatures_of_others_are_ignored_whatever_their_type() -> None:
    assert Checkpoint.parse(Verifier(CT_LOG).open(CT_NOTE)).size == 1_432_088_532


def test_a_cosignature_of_the_public_witness_network_is_accepted() -> None:
    cosigned = CosignatureVerifier(CT_WITNESS).open(CT_NOTE)
    assert (Checkpoint.parse(cosigned.text).size, cosigned.time) == (1_432_088_532, 0x6A122120)


@pytest.mark.parametrize(
    ("part", "instead"), [("1432088532", "1432088533"), ("2net5wAAAABqEiEg", "2net5wAAAABqEiEh")]
)
def test_a_cosignature_binds_text_and_time(part: str, instead: str) -> None:
    with pytest.raises(UnverifiableNote, match="does not fit"):
        CosignatureVerifier(CT_WITNESS).open(CT_NOTE.replace(part, instead))


def test_what_is_cosigned_here_verifies_with_both_keys() -> None:
    cosigner = Cosigner(witness_name("audit"), KEY)
    cosigned = cosigner.cosign(NOTE, 1_746_432_000)
    found = CosignatureVerifier(cosigner.verifier_key).open(cosigned)
    assert (found.time, cosigned.startswith(NOTE)) == (1_746_432_000, True)
    assert Verifier(Signer("tanfidh/registry/x", KEY).verifier_key).open(cosigned) == found.text


def test_a_log_key_is_no_witness_key_and_the_other_way() -> None:
    with pytest.raises(UnverifiableNote):
        CosignatureVerifier(GO_KEY)
    with pytest.raises(UnverifiableNote):
        Verifier(CT_WITNESS)
    with pytest.raises(UnverifiableNote, match="no cosignature"):
        CosignatureVerifier(CT_WITNESS).open(NOTE)


def test_one_bad_signature_of_a_known_key_refuses_the_note() -> None:
    bad = Signer("PeterNeumann", Ed25519PrivateKey.from_private_bytes(base64.b64decode(GO_SECRET)[1:]))
    other = bad.sign("another text\n").rpartition("\n\n")[2]
    with pytest.raises(UnverifiableNote, match="does not fit"):
        Verifier(GO_KEY).open(GO_NOTE + other)


def test_a_note_has_a_bounded_number_of_signatures() -> None:
    foreign = GO_LINE.replace("PeterNeumann", "Somebody")
    assert Verifier(GO_KEY).open(GO_NOTE + foreign * (MOST_SIGNATURES - 1)) == GO_TEXT
    with pytest.raises(UnverifiableNote, match="at most"):
        Verifier(GO_KEY).open(GO_NOTE + foreign * MOST_SIGNATURES)


@pytest.mark.parametrize(
    "note",
    [
        "",
        "no signature\n",
        GO_NOTE[:-1],
        GO_NOTE + "\n",
        GO_NOTE.replace("— ", "- "),
        GO_NOTE.replace("problem is", "problem\tis"),
        f"{GO_TEXT}\n— PeterNeumann x08g\n",
        f"{GO_TEXT}\n— PeterNeumann !!!!\n",
    ],
)
def test_what_is_no_note_is_refused(note: str) -> None:
    with pytest.raises(UnverifiableNote):
        Verifier(GO_KEY).open(note)


@pytest.mark.parametrize("name", ["", "a b", "a+b", "a\u2003b"])
def test_what_cannot_name_a_key_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot name a key"):
        verifier_key_of(name, bytes(32))

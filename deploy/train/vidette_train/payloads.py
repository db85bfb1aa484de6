"""Encryption of payloads, in the form of Vidette's own workers."""

import base64
import os
import re
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from temporalio.api.common.v1 import Payload
from temporalio.converter import PayloadCodec

_ENTRY = re.compile(r"([A-Za-z0-9_.-]{1,64}):([A-Za-z0-9+/]{43}=)")
_ENCRYPTED = b"binary/encrypted"
_NONCE_BYTES = 12


class EncryptedPayloads(PayloadCodec):
    """AES-256-GCM under the first key; each key decrypts.

    The data of an encrypted payload is nonce (12 bytes), ciphertext and tag (16 bytes) of the
    payload's protobuf message; payloads that are not encrypted stay readable.
    """

    def __init__(self, keys: str) -> None:
        """Read the keys of a text `id:key,older:key`. Raises ValueError for an invalid entry."""
        entries = [entry.strip() for entry in re.split(r"[,\n]", keys) if entry.strip()]
        found = [_ENTRY.fullmatch(entry) for entry in entries]
        for number, match in enumerate(found, 1):
            if match is None:
                raise ValueError(
                    f"Payload key number {number} does not have the form id:key, with a key of 32 "
                    "bytes in base64. Generate one with: openssl rand -base64 32"
                )
        self._keys = {match[1]: base64.b64decode(match[2]) for match in found if match}
        if not self._keys:
            raise ValueError("The list of payload keys is empty.")
        self._current = next(iter(self._keys))

    async def encode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Encrypt payloads."""
        return [self._encrypt(payload) for payload in payloads]

    async def decode(self, payloads: Sequence[Payload]) -> list[Payload]:
        """Decrypt payloads. Raises ValueError for one whose key is missing."""
        return [self._decrypt(payload) for payload in payloads]

    def _encrypt(self, payload: Payload) -> Payload:
        nonce = os.urandom(_NONCE_BYTES)
        cipher = AESGCM(self._keys[self._current])
        return Payload(
            metadata={"encoding": _ENCRYPTED, "encryption-key-id": self._current.encode()},
            data=nonce + cipher.encrypt(nonce, payload.SerializeToString(), None),
        )

    def _decrypt(self, payload: Payload) -> Payload:
        if payload.metadata.get("encoding") != _ENCRYPTED:
            return payload
        key_id = payload.metadata.get("encryption-key-id", b"").decode()
        key = self._keys.get(key_id)
        if key is None:
            raise ValueError(
                f"A payload of Temporal was encrypted with the key {key_id!r}, which is not "
                "configured. Add it to the end of VIDETTE_PAYLOAD_KEYS."
            )
        nonce, data = payload.data[:_NONCE_BYTES], payload.data[_NONCE_BYTES:]
        try:
            return Payload.FromString(AESGCM(key).decrypt(nonce, data, None))
        except InvalidTag as error:
            raise ValueError(
                f"A payload of Temporal cannot be decrypted with the key {key_id!r}: it was "
                "changed, or the key is another one of this id."
            ) from error

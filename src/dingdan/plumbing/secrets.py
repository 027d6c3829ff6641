"""Hash, sign and seal: keys of people's data, signatures of callbacks and papers, fingerprints for search."""

import hashlib
import hmac
import os
import unicodedata

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class Sealer:
    """Seals personal data under a key per subject, itself wrapped by the master key.

    Destroying a subject's wrapped key makes everything sealed under it unreadable, backups included.
    """

    def __init__(self, master: bytes) -> None:
        self._master = AESGCM(derive(master, "wrap"))
        self._search = derive(master, "search")
        self._signing = derive(master, "sign")
        self._attesting = Ed25519PrivateKey.from_private_bytes(derive(master, "attest"))

    def new_key(self) -> bytes:
        """A fresh subject key, wrapped for storage."""
        nonce = os.urandom(12)
        return nonce + self._master.encrypt(nonce, os.urandom(32), None)

    def seal(self, wrapped: bytes, plain: bytes) -> bytes:
        """Encrypt under a wrapped subject key."""
        nonce = os.urandom(12)
        return nonce + self._unwrap(wrapped).encrypt(nonce, plain, None)

    def unseal(self, wrapped: bytes, sealed: bytes) -> bytes:
        """Decrypt; raises ValueError when key or text were tampered with."""
        try:
            return self._unwrap(wrapped).decrypt(sealed[:12], sealed[12:], None)
        except InvalidTag as error:
            raise ValueError("sealed text does not open with this key") from error

    def fingerprint(self, purpose: str, text: str) -> bytes:
        """A keyed hash by which something personal can be found again without being stored."""
        folded = unicodedata.normalize("NFKC", text).casefold().strip()
        return hmac.digest(self._search, f"{purpose}\0{folded}".encode(), "sha256")[:16]

    def sign(self, purpose: str, body: bytes) -> str:
        """A hex signature over raw bytes."""
        return hmac.new(self._signing, purpose.encode() + b"\0" + body, hashlib.sha256).hexdigest()

    def verify(self, purpose: str, body: bytes, signature: str) -> bool:
        """Whether a signature is ours, compared in constant time."""
        return hmac.compare_digest(self.sign(purpose, body).encode(), signature.encode())

    @property
    def public_key(self) -> bytes:
        """What anybody needs to check what the house attested."""
        return self._attesting.public_key().public_bytes_raw()

    def attest(self, purpose: str, body: bytes) -> bytes:
        """A signature (Ed25519) over raw bytes that anybody can check, see `attested`, and only the house can make."""
        return self._attesting.sign(purpose.encode() + b"\0" + body)

    def _unwrap(self, wrapped: bytes) -> AESGCM:
        try:
            return AESGCM(self._master.decrypt(wrapped[:12], wrapped[12:], None))
        except InvalidTag as error:
            raise ValueError("the subject key does not open with this master key") from error


def attested(public_key: bytes, purpose: str, body: bytes, signature: bytes) -> bool:
    """Whether these bytes are, for this purpose, what the house of a public key attested."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, purpose.encode() + b"\0" + body)
    except (InvalidSignature, ValueError):
        return False
    return True


def derive(master: bytes, purpose: str) -> bytes:
    """A key for one purpose from the master key."""
    return hmac.digest(master, purpose.encode(), "sha256")


def digest(data: bytes) -> bytes:
    """A plain SHA-256."""
    return hashlib.sha256(data).digest()

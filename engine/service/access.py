"""Who may talk to an engine: CURVE keys, and the ZAP answers (rfc.zeromq.org/spec/27) that let a client in or not.

ZeroMQ proves that a client has the secret half of the key it shows; whether that key is welcome is asked of the engine
over ZAP, at every connection.
"""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import zmq
import zmq.auth
from zmq.utils import z85

ZAP_DOMAIN = b"arborist"
KEY_LENGTH = 40

_NUM_ZAP_FRAMES = 7

NameOf = Callable[[bytes], str | None]
"""Name of the client with a public key (Z85), or None where it may not come in."""


class KeyFileError(ValueError):
    """A key file that cannot be read or written; the message names it."""


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A CURVE key pair, both halves in Z85 (40 bytes)."""

    public: bytes
    secret: bytes

    @classmethod
    def fresh(cls) -> "KeyPair":
        """A pair that nobody has seen."""
        return cls(*zmq.curve_keypair())


def zap_reply(request: list[bytes], name_of: NameOf) -> list[bytes]:
    """The ZAP answer to `request`: status 200 with the client's name as user id, or a refusal.

    Args:
        request: version, request id, domain, address, identity, mechanism, credentials.
        name_of: says who may come in.
    """
    if len(request) < _NUM_ZAP_FRAMES:
        return [b"1.0", request[1] if len(request) > 1 else b"", b"400", b"not a request of ZAP", b"", b""]
    _, request_id, domain, _, _, mechanism, credentials = request[:_NUM_ZAP_FRAMES]
    name = None
    if (mechanism, domain) == (b"CURVE", ZAP_DOMAIN):
        name = name_of(z85.encode(credentials))
    if name is None:
        return [b"1.0", request_id, b"400", b"this key is not authorised", b"", b""]
    return [b"1.0", request_id, b"200", b"", name.encode(), b""]


def only(key: bytes) -> NameOf:
    """Lets in the one client with this public key."""
    return lambda shown: "window" if shown == key else None


@dataclass(frozen=True, slots=True)
class KeyFolder:
    """Kept keys of an engine that listens for remote clients.

    `server.key` is its public key, to be copied to the clients; `server.key_secret` stays here. `clients/NAME.key` are
    the public keys of those who may connect: a file added or taken away counts from the next connection on. The files
    are ZeroMQ certificates as `zmq.auth.create_certificates` writes them.
    """

    folder: Path

    @property
    def public_file(self) -> Path:
        """The file to give to clients."""
        return self.folder / "server.key"

    @property
    def clients(self) -> Path:
        """The folder of the clients' public keys."""
        return self.folder / "clients"

    def server_keys(self) -> KeyPair:
        """The engine's key pair, made and kept at the first call.

        Raises:
            KeyFileError: a file cannot be read or written.
        """
        secret_file = self.folder / "server.key_secret"
        try:
            self.clients.mkdir(parents=True, exist_ok=True)
            if not secret_file.exists():
                _write_key_pair(self.folder, "server")
            public, secret = zmq.auth.load_certificate(secret_file)
        except (OSError, ValueError) as error:
            raise KeyFileError(f"the key {secret_file} cannot be made or read: {error}") from error
        if secret is None:
            raise KeyFileError(f"the key {secret_file} has no secret half")
        return KeyPair(public, secret)

    def name_of(self, key: bytes) -> str | None:
        """Name of the client with this public key, as its file is called, or None."""
        for file in sorted(self.clients.glob("*.key")):
            try:
                public, _ = zmq.auth.load_certificate(file)
            except (OSError, ValueError):
                continue
            if public == key:
                return file.stem
        return None


def _write_key_pair(folder: Path, name: str) -> None:
    """Write `name`.key and `name`.key_secret into `folder`, the secret at no moment readable by others."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".keys-") as private:
        public_file, secret_file = map(Path, zmq.auth.create_certificates(private, name))
        secret_file.chmod(0o600)
        # The public half first: whoever finds a secret file finds a complete pair.
        os.replace(public_file, folder / public_file.name)
        os.replace(secret_file, folder / secret_file.name)

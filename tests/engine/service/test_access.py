"""Who is let in, and how keys are kept."""

import os
import stat
from pathlib import Path

import pytest
import zmq.auth
from zmq.utils import z85

from engine.service.access import KeyFileError, KeyFolder, KeyPair, only, zap_reply

KEYS = KeyPair.fresh()


def asked(key: bytes = KEYS.public, *, mechanism: bytes = b"CURVE", domain: bytes = b"arborist") -> list[bytes]:
    return [b"1.0", b"17", domain, b"127.0.0.1", b"", mechanism, z85.decode(key)]


def status(reply: list[bytes]) -> bytes:
    assert len(reply) == 6
    return reply[2]


def test_the_right_key_is_let_in_under_its_name() -> None:
    assert zap_reply(asked(), only(KEYS.public)) == [b"1.0", b"17", b"200", b"", b"window", b""]


@pytest.mark.parametrize(
    "request_",
    [
        asked(KeyPair.fresh().public),
        asked(mechanism=b"NULL"),
        asked(mechanism=b"PLAIN"),
        asked(domain=b"other"),
        [],
        [b"1.0", b"17"],
        asked()[:6],
    ],
    ids=["another key", "no encryption", "a password", "another domain", "nothing", "cut off", "without credentials"],
)
def test_anything_else_is_not(request_: list[bytes]) -> None:
    reply = zap_reply(request_, only(KEYS.public))
    assert status(reply) == b"400"
    assert reply[4] == b""


def test_the_keys_of_a_server_are_made_once_and_kept(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path / "keys")
    keys = folder.server_keys()
    assert KeyFolder(tmp_path / "keys").server_keys() == keys
    assert zmq.auth.load_certificate(folder.public_file) == (keys.public, None)
    secret = folder.folder / "server.key_secret"
    assert sorted(path.name for path in folder.folder.iterdir()) == ["clients", "server.key", secret.name]
    if os.name == "posix":
        assert stat.S_IMODE(secret.stat().st_mode) == 0o600


def test_clients_are_those_whose_keys_lie_in_the_folder(tmp_path: Path) -> None:
    folder = KeyFolder(tmp_path)
    folder.server_keys()
    zmq.auth.create_certificates(tmp_path, "ada")
    public, _ = zmq.auth.load_certificate(tmp_path / "ada.key")
    assert folder.name_of(public) is None
    (tmp_path / "ada.key").rename(folder.clients / "ada.key")
    (folder.clients / "broken.key").write_text("nothing of use")
    assert folder.name_of(public) == "ada"
    (folder.clients / "ada.key").unlink()
    assert folder.name_of(public) is None


@pytest.mark.parametrize("content", ["", "curve\n", 'curve\n    public-key = "short"\n'])
def test_a_damaged_key_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "server.key_secret").write_text(content)
    with pytest.raises(KeyFileError, match=r"server\.key_secret"):
        KeyFolder(tmp_path).server_keys()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(KeyFileError, match="file"):
        KeyFolder(tmp_path / "file").server_keys()

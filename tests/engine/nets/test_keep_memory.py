import platform

from engine.nets.keep_memory import keep_memory


def test_glibc_can_be_told() -> None:
    assert keep_memory() == (platform.libc_ver()[0] == "glibc")
    assert keep_memory() == keep_memory()

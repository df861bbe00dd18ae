"""Tells what a file is that turned out not to be a network file of Lc0's, so that people can be told."""

import struct

_SAFETENSORS_HEADER = 8
_LOOKED_AT = 400
_MARKS = (
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file (Keras)"),
    (b"version https://git-lfs", "a pointer of Git LFS: the network itself was not downloaded"),
    (b"\x1f\x8b", "packed twice: unpack it once"),
    (b"\xfd7zXZ", "packed with xz: unpack it first"),
    (b"BZh", "packed with bzip2: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd: unpack it first"),
    (b"\x20\x2f\xf3\x7a", "a network of Stockfish's (NNUE)"),
    (b"\x80\x02", "a Python pickle, which is never opened here"),
    (b"\x80\x04", "a Python pickle, which is never opened here"),
)


def kind_of(content: bytes) -> str:
    """What `content` seems to be, as it goes on after "seems to be", or "" where nothing is known of it."""
    head = content[:_LOOKED_AT]
    if not content:
        return "empty"
    for mark, kind in _MARKS:
        if head.startswith(mark):
            return kind
    text = head.lstrip().lower()
    if text.startswith((b"<!doctype", b"<html")):
        return "a web page: the download went wrong"
    if len(content) > _SAFETENSORS_HEADER and content[_SAFETENSORS_HEADER : _SAFETENSORS_HEADER + 1] == b"{":
        (length,) = struct.unpack("<Q", content[:_SAFETENSORS_HEADER])
        if length < len(content):
            return "weights without a card (safetensors): import the folder or .zip file of the whole generation"
    # An ONNX file is a protobuf message whose first field is its version, and which names its maker soon after.
    if head.startswith(b"\x08") and any(word in head for word in (b"pytorch", b"onnx", b"tf2onnx", b"lc0")):
        return "an ONNX file, which cannot be trained on; import what it was made of"
    if text[:2] in (b"1\n", b"2\n") and set(text[2:]) <= set(b"0123456789.-+e \r\n"):
        return "a network in the text format of before Lc0"
    return ""

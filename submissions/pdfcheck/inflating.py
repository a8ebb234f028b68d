"""How large the streams of a file become when they are unpacked, told before any PDF library unpacks them.

The raw bytes are searched, not the parsed objects: object streams and tables are unpacked by libraries as soon as
they open a file, and a filter's name can be written in many ways. Whatever looks like deflated data is inflated
piece by piece and thrown away, also data that was deflated several times.
"""

import mmap
import re
import zlib
from collections.abc import Iterator

from submissions.pdfcheck.result import UnusableFile

LARGEST_STREAM = 320 << 20  # bytes; an uncompressed colour picture of 10,000 by 10,000 points
LARGEST_TOTAL = 768 << 20
_MOST_LAYERS = 6
_PIECE = 1 << 16
_ROOM = 1 << 20
_STREAM = re.compile(rb"(?<!end)stream\r?\n")


def refuse_bombs(data: bytes | mmap.mmap) -> None:
    """Raises UnusableFile when one stream, or all together, become larger than any paper's."""
    left = LARGEST_TOTAL
    for match in _STREAM.finditer(data):
        size = _inflated(data, match.end(), min(left, LARGEST_STREAM))
        left -= size
        if size >= LARGEST_STREAM or left <= 0:
            raise UnusableFile(
                "file.inflates",
                "Unpacked, this file would become larger than any paper: a picture in it has far too many points, "
                "or the file was made to harm. Scale its pictures down and make the PDF again.",
            )


def _inflated(data: bytes | mmap.mmap, start: int, most: int) -> int:
    """Bytes that the stream holds in its largest layer, counted up to `most`; 0 if it is not deflated."""
    sizes = [0] * _MOST_LAYERS
    for layer, count in _layers(data, start):
        sizes[layer] += count
        if sizes[layer] >= most:
            return most
    return max(sizes)


def _layers(data: bytes | mmap.mmap, start: int) -> Iterator[tuple[int, int]]:
    """Each piece that comes out of each layer: the layer from 0, and how many bytes."""
    unpackers: list[zlib._Decompress] = []
    for at in range(start, len(data), _PIECE):
        yield from _unpack(data[at : at + _PIECE], 0, unpackers)
        if not unpackers or unpackers[0].eof:
            return


def _unpack(packed: bytes, layer: int, unpackers: list) -> Iterator[tuple[int, int]]:
    if len(unpackers) == layer:
        if layer == _MOST_LAYERS or not _looks_deflated(packed):
            return
        unpackers.append(zlib.decompressobj())
    unpacker = unpackers[layer]
    while packed and not unpacker.eof:
        try:
            piece = unpacker.decompress(packed, _ROOM)
        except zlib.error:
            del unpackers[layer:]
            return
        packed = unpacker.unconsumed_tail
        yield layer, len(piece)
        if piece:
            yield from _unpack(piece, layer + 1, unpackers)
        elif not packed:
            return


def _looks_deflated(data: bytes) -> bool:
    """The two bytes that begin a zlib stream (RFC 1950)."""
    return len(data) > 1 and data[0] & 0x0F == 8 and (data[0] << 8 | data[1]) % 31 == 0

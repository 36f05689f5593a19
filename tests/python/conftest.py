"""What the tests of the Python module share. SKEIN_PROGRAM names the program of the same build."""
import json
import os
import struct
import subprocess
import zlib

import numpy
import pytest


class Program:
    """The command line in a folder of its own."""

    def __init__(self, folder):
        self.folder = folder

    def __call__(self, *words):
        """Runs it and returns what --json prints."""
        run = subprocess.run(
            [os.environ["SKEIN_PROGRAM"], *map(str, words), "--json", "--quiet"], cwd=self.folder, capture_output=True, text=True
        )
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)

    def refusal(self, *words):
        """What it says when it refuses."""
        run = subprocess.run(
            [os.environ["SKEIN_PROGRAM"], *map(str, words), "--json", "--quiet"], cwd=self.folder, capture_output=True, text=True
        )
        assert run.returncode != 0
        return run.stderr


@pytest.fixture
def program(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return Program(tmp_path)


def read_png(file):
    """An 8-bit RGB PNG as (rows, columns, 3): a reader of the tests' own."""
    data = open(file, "rb").read()
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + 8 + length]
        if kind == b"IHDR":
            columns, rows, depth, colour = struct.unpack(">IIBB", body[:10])
            assert (depth, colour) == (8, 2)
        if kind == b"IDAT":
            packed += body
        at += 12 + length
    raw = numpy.frombuffer(zlib.decompress(packed), numpy.uint8).reshape(rows, 1 + 3 * columns)
    picture = numpy.zeros((rows, columns, 3), numpy.uint8)
    above = numpy.zeros((columns, 3), int)
    for row in range(rows):
        kind, line = raw[row, 0], raw[row, 1:].reshape(columns, 3).astype(int)
        left, corner = numpy.zeros(3, int), numpy.zeros(3, int)
        for column in range(columns):
            up = above[column]
            if kind == 4:
                guess = left + up - corner
                distances = numpy.abs(guess - numpy.stack([left, up, corner]))
                added = numpy.stack([left, up, corner])[distances.argmin(0), numpy.arange(3)]
            else:
                added = (0, left, up, (left + up) // 2)[kind]
            corner = up.copy()
            line[column] = (line[column] + added) % 256
            left = line[column]
        picture[row] = line
        above = line
    return picture


def bits(net):
    """All that a network's file holds."""
    return net.__getstate__()[2]

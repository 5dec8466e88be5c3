"""Tones: each is another one, and a computer without sound stays silent."""

from __future__ import annotations

import stat
import sys
import wave
from pathlib import Path

import pytest

from itkgui.scanning.tones import Tone, Tones, write_wav

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="has players of other names")


def test_tones_are_short_and_differ(tmp_path: Path) -> None:
    contents = set()
    for tone in Tone:
        write_wav(tmp_path / "tone.wav", tone, 50)
        with wave.open(str(tmp_path / "tone.wav")) as opened:
            frames = opened.readframes(opened.getnframes())
            assert 0.1 <= opened.getnframes() / opened.getframerate() < 0.6
        assert frames[:2] == b"\0\0", "it would click"
        contents.add(frames)
    assert len(contents) == len(Tone)


def test_a_lower_volume_is_less_loud(tmp_path: Path) -> None:
    peaks = []
    for volume in (100, 20):
        write_wav(tmp_path / "tone.wav", Tone.GOOD, volume)
        with wave.open(str(tmp_path / "tone.wav")) as opened:
            samples = memoryview(opened.readframes(opened.getnframes())).cast("h")
        peaks.append(max(samples))
    assert peaks[0] > 30_000 > 2000 > peaks[1] > 500


def player(folder: Path, name: str, code: int) -> Path:
    """Put a program in a folder that takes a tone and notes it."""
    program = folder / name
    program.write_text(f'#!/bin/sh\necho "$0 $@" >> {folder}/played\nexit {code}\n')
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    return program


@on_linux
def test_the_first_player_that_works_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    player(tmp_path, "paplay", 1)
    player(tmp_path, "aplay", 0)
    monkeypatch.setenv("PATH", str(tmp_path))
    tones = Tones(tmp_path / "tones")
    for _ in range(2):
        assert tones.play(Tone.GOOD, 50)
        tones.wait()
    played = (tmp_path / "played").read_text().splitlines()
    assert [Path(line.split()[0]).name for line in played] == ["paplay", "aplay"]
    assert played[1].endswith("good-50.wav")
    assert tones.can_play


@on_linux
def test_without_a_player_it_is_silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    tones = Tones(tmp_path / "tones")
    assert not tones.can_play
    assert not tones.play(Tone.WRONG, 50)
    assert not (tmp_path / "tones").exists()


@on_linux
def test_no_volume_is_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    player(tmp_path, "paplay", 0)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not Tones(tmp_path / "tones").play(Tone.GOOD, 0)
    assert not (tmp_path / "played").exists()


@on_linux
def test_a_folder_that_cannot_be_written_is_silence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    player(tmp_path, "paplay", 0)
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "tones").write_text("a file")
    assert not Tones(tmp_path / "tones").play(Tone.GOOD, 50)

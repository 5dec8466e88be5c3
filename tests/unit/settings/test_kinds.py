"""The kinds of settings: what each takes from a text and from TOML, writes back, and refuses in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from itkgui.settings.kinds import (
    CertificateFile,
    Choice,
    DayTimes,
    Endings,
    Kind,
    Names,
    Number,
    Place,
    Proxy,
    Switch,
    Text,
    Whole,
)

NUMBER, WHOLE, CHOICE = Number(0, 10), Whole(1, 5), Choice({100: "100 %", 150: "150 %"})


@pytest.mark.parametrize(
    ("kind", "text", "toml", "value"),
    [
        (Text(), "as it is ", "as it is ", "as it is "),
        (Proxy(), "proxy:3128", "http://proxy:3128", "http://proxy:3128"),
        (Proxy(), " socks5h://[::1]:9 ", "socks5h://[::1]:9", "socks5h://[::1]:9"),
        (Proxy(), "", "", ""),
        (Names(), "a.example, ,b.example:1", ["a.example", "b.example:1"], ("a.example", "b.example:1")),
        (Names(), "", [], ()),
        (DayTimes(), "22:00, 6:30,6:30", ["06:30", "22:00"], ("06:30", "22:00")),
        (Endings(), "*.mpx, .MPX,root~ ", ["mpx", "root~"], ("mpx", "root~")),
        (Endings(), "", [], ()),
        (NUMBER, "2.5", 2.5, 2.5),
        (NUMBER, "1e1", 10, 10.0),
        (WHOLE, " 3 ", 3, 3),
        (Switch(), "On", True, True),
        (Switch(), "no", False, False),
        (CHOICE, "150", 150, 150),
        (Place(), "~/there", str(Path.home() / "there"), Path.home() / "there"),
        (Place(), " ", "", None),
    ],
)
def test_value_is_the_same_from_a_text_and_from_a_file(
    kind: Kind[Any], text: str, toml: Any, value: Any
) -> None:
    if isinstance(kind, Place) and value is not None:  # each test has a home of its own
        toml, value = str(Path.home() / "there"), Path.home() / "there"
    assert kind.of_text(text) == kind.of_toml(toml) == kind.checked(value) == value
    assert (kind.to_toml(value), type(kind.to_toml(value))) == (toml, type(toml))
    assert kind.of_text(kind.words(value)) == value


@pytest.mark.parametrize(
    ("kind", "text", "must"),
    [
        (Proxy(), "ftp://proxy", "must be the address of a proxy"),
        (Proxy(), "http://me:canary@proxy:port", "must be the address of a proxy"),
        (DayTimes(), "6:00,24:00", "must be times like 06:00, not '24:00'"),
        (Endings(), "mpx, *.a b", "must be endings of files like mpx, not '*.a b'"),
        (Endings(), "a/b", "must be endings of files like mpx, not 'a/b'"),
        (Endings(), "*.", "must be endings of files like mpx, not '*.'"),
        (Endings(), "tar.gz", "must be endings of files like mpx, not 'tar.gz'"),
        (NUMBER, "ten", "must be a number from 0 to 10, not 'ten'"),
        (NUMBER, "10.1", "must be a number from 0 to 10, not '10.1'"),
        (NUMBER, "nan", "must be a number from 0 to 10, not 'nan'"),
        (WHOLE, "2.5", "must be a whole number from 1 to 5, not '2.5'"),
        (WHOLE, "0", "must be a whole number from 1 to 5, not '0'"),
        (Switch(), "perhaps", "must be yes or no, not 'perhaps'"),
        (CHOICE, "110", "must be one of 100, 150, not '110'"),
        (Place(), "~nobody-of-this-name/x", "must be a path"),
    ],
)
def test_text_is_refused_in_words(kind: Kind[Any], text: str, must: str) -> None:
    with pytest.raises(ValueError, match=r"^must be ") as caught:
        kind.of_text(text)
    assert must in str(caught.value)
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("kind", "toml"),
    [
        (Text(), 1),
        (Names(), "a.example"),
        (Names(), ["a.example", 2]),
        (Endings(), "mpx"),
        (Endings(), [" "]),
        (Endings(), ["mpx;xyz"]),
        (NUMBER, "2.5"),
        (NUMBER, True),
        (NUMBER, float("inf")),
        (WHOLE, 2.0),
        (WHOLE, True),
        (Switch(), 1),
        (Switch(), "yes"),
        (CHOICE, "150"),
        (CHOICE, 150.0),
        (CHOICE, [150]),
        (Place(), 1),
    ],
)
def test_wrong_type_in_a_file_is_refused_in_words(kind: Kind[Any], toml: Any) -> None:
    with pytest.raises(ValueError, match=f"^must be .* not .*{str(toml).strip('[]')[:3]}"):
        kind.of_toml(toml)


def test_proxy_as_desktops_write_it_is_taken() -> None:
    assert Proxy().of_text("socks://[::1]:1080/") == "socks5h://[::1]:1080/"
    assert Proxy().of_text("SOCKS://host:1080") == "socks5h://host:1080"


def test_certificates_are_looked_at(tmp_path: Path) -> None:
    kind, file = CertificateFile(), tmp_path / "ca.pem"
    assert kind.doubt(None) == ""
    assert "cannot be read: No such file" in kind.doubt(file)
    file.write_text("nothing")
    assert kind.doubt(file) == f"{file} holds no certificate in the form PEM"
    file.write_text("# of the house\n-----BEGIN CERTIFICATE-----\n")
    assert kind.doubt(file) == ""
    assert "cannot be read" in kind.doubt(tmp_path)

"""What a component may be named by on a command line or in a link, and what is refused."""

from __future__ import annotations

import pytest

from itkgui.records.component import ComponentSummary
from itkgui.records.component_link import identifier_from, link_to, web_address_of

SERIAL = "20UPGM23800001"
CODE = "7f633f626f5466b2a72c1be7cd4cb8bc"


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        (SERIAL, SERIAL),
        (SERIAL.lower(), SERIAL),
        (" 20U PG M2 3800001\n", SERIAL),
        (f"itkgui:{SERIAL}", SERIAL),
        (f"ITKGUI:{SERIAL}", SERIAL),
        (f"itkgui://{SERIAL}", SERIAL),
        (f"itkgui://{SERIAL.lower()}/", SERIAL),
        (f"itkgui:{SERIAL}/", SERIAL),
        ("itkgui:20U-PG-M2-3800001", SERIAL),
        ("itkgui:%32%30U%50GM23800001", SERIAL),
        ("itkgui:%2020UPGM23800001%0A", SERIAL),
        (CODE, CODE),
        (f"itkgui:{CODE}", CODE),
        (f"itkgui://{CODE.upper()}/", CODE),
        (f"https://host/path/componentView?code={CODE}", CODE),
        (f"http://host/componentView?lang=en&code={CODE.upper()}#tests", CODE),
        ("itkgui:" + "".join(f"%{ord(letter):02X}" for letter in CODE), CODE),
    ],
)
def test_every_spelling_leads_to_one_identifier(text: str, identifier: str) -> None:
    assert identifier_from(text) == identifier


@pytest.mark.parametrize(
    "text",
    [
        "",
        "itkgui:",
        "itkgui://",
        "itkgui:///" + SERIAL,
        f"itkgui:{SERIAL}//",
        f"itkgui:{SERIAL}?run=1",
        f"itkgui:{SERIAL}#x",
        f"itkgui://{SERIAL}/../x",
        f"itkgui:itkgui:{SERIAL}",
        "itkgui:%2532%30UPGM23800001",  # encoded twice
        f"https://host/{SERIAL}",
        f"https://host/componentView?code={SERIAL}x",
        f"https://host/componentView?code={CODE}&code={CODE}",
        f"https://host/other?code={CODE}",
        "https://[host/componentView?code=" + CODE,
        f"ftp://host/componentView?code={CODE}",
        f"file:///{SERIAL}",
        f"/tmp/{SERIAL}",
        f"--sandbox {SERIAL}",
        f"<b>{SERIAL}</b>",
        f"{SERIAL};ls",
        f"{SERIAL}\0",
        f"\u202e{SERIAL}",
        SERIAL.replace("0", "\uff10"),  # digits, but not of ASCII
        "20UPGM2380001",
        "20UXXM23800001",
        CODE[:-1],
        CODE + "0",
        CODE.replace("7", "g"),
        f"itkgui:{SERIAL}" + "/" * 1_000_000,
    ],
)
def test_anything_else_is_refused_in_a_printable_sentence(text: str) -> None:
    with pytest.raises(ValueError, match=r"\w") as refused:
        identifier_from(text)
    sentence = str(refused.value)
    assert sentence.isprintable()
    assert len(sentence) < 400


@pytest.mark.parametrize(
    ("named", "link", "address"),
    [
        ({"serialNumber": SERIAL, "code": CODE}, f"itkgui:{SERIAL}", f"https://db/componentView?code={CODE}"),
        ({"code": CODE}, f"itkgui:{CODE}", f"https://db/componentView?code={CODE}"),
        ({"serialNumber": SERIAL}, f"itkgui:{SERIAL}", ""),
        ({"serialNumber": "x" * 300, "code": "../../&#"}, "", ""),
        ({}, "", ""),
    ],
)
def test_links_that_lead_to_a_component(named: dict[str, str], link: str, address: str) -> None:
    component = ComponentSummary.from_json(named)
    assert (link_to(component), web_address_of(component, "https://db/")) == (link, address)
    if link:
        assert identifier_from(link) in named.values()

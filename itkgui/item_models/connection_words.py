"""How the connection stands, in words: one for the light, sentences for whoever wants to know more."""

from __future__ import annotations

from dataclasses import dataclass

from itkgui.client.connection_state import Place, Trouble
from itkgui.language import N_, _


@dataclass(frozen=True)
class ConnectionWords:
    """What to tell of one trouble, marked for translation; ``tone`` and ``icon`` are names of the style."""

    word: str
    sentence: str
    cure: str
    tone: str = "bad"
    icon: str = "network-off"


_WORDS = {
    Trouble.NONE: ConnectionWords(N_("On line"), N_("It answers."), "", "good", "network"),
    Trouble.NETWORK: ConnectionWords(
        N_("No network"),
        N_("This computer has no network."),
        N_("Check the cable or the Wi-Fi."),
    ),
    Trouble.NAME: ConnectionWords(
        N_("Name not found"),
        N_("There is a network, but it does not know the server's name (DNS)."),
        N_("Check the server's address in the settings; else tell whoever looks after the network."),
    ),
    Trouble.TRUST: ConnectionWords(
        N_("Not trusted"),
        N_("Whoever answers cannot prove to be the server (TLS), so nothing is sent to it."),
        N_("Check this computer's date. A guest network may want a log-in first; a proxy has a certificate."),
        icon="warning",
    ),
    Trouble.PORTAL: ConnectionWords(
        N_("Log-in page"),
        N_("A web page answers in the server's place: the network, or a proxy, wants a log-in first."),
        N_("Open a web browser and log in to the network."),
        icon="warning",
    ),
    Trouble.UNREACHED: ConnectionWords(
        N_("Not reached"),
        N_("The server is known, but cannot be reached."),
        N_("Wait; if others reach it, a firewall or a proxy may stand between."),
    ),
    Trouble.SILENT: ConnectionWords(
        N_("No answer"),
        N_("The server was reached, but its answer did not come, or not all of it."),
        N_("Wait; a weak Wi-Fi does this, too."),
    ),
    Trouble.SIGN_IN: ConnectionWords(
        N_("Signed out"),
        N_("The server answers, but does not take this session."),
        N_("Sign in again. What is open stays."),
        "caution",
        "user",
    ),
    Trouble.SERVER: ConnectionWords(
        N_("Out of order"),
        N_("The server answers that it is out of order."),
        N_("Wait; its keepers know it, or tell the database's support."),
        icon="warning",
    ),
}

_PLACES = {
    Place.DATABASE: N_("Database"),
    Place.SIGN_IN: N_("Sign-in server"),
    Place.STORE: N_("Object store (EOS)"),
}


def words_for(trouble: Trouble) -> ConnectionWords:
    return _WORDS[trouble]


def name_of(place: Place) -> str:
    """Return what a server is called, in the language of the user."""
    return _(_PLACES[place])


def light_text(place: Place, trouble: Trouble) -> str:
    """Return what stands at the light: of another server than the database, with its name."""
    word = _(_WORDS[trouble].word)
    if place is Place.DATABASE or trouble is Trouble.NONE:
        return word
    return _("{server}: {state}").format(server=name_of(place), state=word)

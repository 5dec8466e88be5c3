"""All that can be set: one declaration each, from which its key, variable, option, help and page follow."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from itkgui.language import N_, SYSTEM
from itkgui.settings.declaring import Applies, Declared, Group, setting
from itkgui.settings.kinds import (
    Address,
    CertificateFile,
    Choice,
    DayTimes,
    Endings,
    Language,
    Names,
    Number,
    Place,
    Proxy,
    Switch,
    Text,
    Whole,
    is_loopback,
)

PRODUCTION_API_URL = "https://itkpd.unicornuniversity.net/"
PRODUCTION_AUTH_URL = "https://uuidentity.plus4u.net/uu-oidc-maing02/bb977a99f4cc4c37a2afce3fd599d0a7/oidc/"
THEMES = {
    "system": N_("As the system"),
    "light": N_("Light"),
    "dark": N_("Dark"),
    "contrast": N_("High contrast"),
}
KEYBOARDS = {
    "auto": N_("By the label"),
    "us": N_("American"),
    "azerty": N_("AZERTY"),
    "qwertz": N_("QWERTZ"),
    "swiss": N_("Swiss"),
    "uk": N_("British"),
    "it": N_("Italian"),
}
BAUDS = (1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200)
# Whoever adds a catalogue adds its language here, by the name that it has in itself.
LANGUAGES = {SYSTEM: N_("As the system"), "en": "English"}
TEXT_SIZES = (100, 110, 125, 150, 175, 200)  # percent

_EOS_HOSTS = ("eosatlas.cern.ch",)
_EOS_REDIRECT_HOSTS = ("*.cern.ch",)
_LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, kw_only=True)
class Settings(Declared):
    """The value of every setting. Raises ValueError for one that cannot be used."""

    theme: str = setting(
        "system",
        Choice(THEMES),
        Group.LOOK,
        N_("Colours"),
        N_("A light, a dark or a high-contrast look, or that of the system."),
        applies=Applies.AT_ONCE,
    )
    text_size: int = setting(
        TEXT_SIZES[0],
        Choice({percent: f"{percent} %" for percent in TEXT_SIZES}),
        Group.LOOK,
        N_("Text size"),
        N_("The size of all text, in percent of the usual one."),
        applies=Applies.AT_ONCE,
    )
    gloves: bool = setting(
        False,
        Switch(),
        Group.LOOK,
        N_("Glove mode"),
        N_("Whatever is to be hit is at least 44 pixels high and wide."),
        applies=Applies.AT_ONCE,
    )
    language: str = setting(
        SYSTEM,
        Language(LANGUAGES),
        Group.LOOK,
        N_("Language"),
        N_("Of all texts of the program; what the database holds stays as it is."),
        applies=Applies.AT_START,
    )
    undo_seconds: float = setting(
        10.0,
        Number(0, 600, "s"),
        Group.FILES,
        N_("Time to undo"),
        N_("For so long uploads can be taken back before they begin."),
        applies=Applies.AT_ONCE,
    )
    eos_size_limit: int = setting(
        64_000,
        Whole(0, 1_000_000_000, N_("bytes")),
        Group.FILES,
        N_("Largest file for the database"),
        N_("Files larger than this go to the object store (EOS), unless one chooses otherwise."),
    )
    cache_megabytes: int = setting(
        2_000,
        Whole(0, 1_000_000, "MB"),
        Group.FILES,
        N_("Room for fetched files"),
        N_("So much of what was fetched is kept on this computer until its user signs out."),
        applies=Applies.AT_ONCE,
    )
    fetch_ahead_megabytes: int = setting(
        20,
        Whole(0, 1_000_000, "MB"),
        Group.FILES,
        N_("Largest file fetched ahead"),
        N_("Of a tray that is fetched to be read off line, larger files are left out."),
    )
    watched_folder: Path | None = setting(
        None,
        Place(),
        Group.FILES,
        N_("Watched folder"),
        N_("New files in this folder, where instruments put theirs, are offered to what is open."),
        applies=Applies.AT_ONCE,
    )
    scanner_layout: str = setting(
        "auto",
        Choice(KEYBOARDS),
        Group.SCANNER,
        N_("Keyboard of this computer"),
        N_("A scanner that is set to the American one garbles its labels on others; they are put right."),
        applies=Applies.AT_ONCE,
    )
    scanner_gap: int = setting(
        35,
        Whole(5, 500, "ms"),
        Group.SCANNER,
        N_("Longest pause between characters"),
        N_("What comes faster is a scan, what comes slower somebody types."),
        applies=Applies.AT_ONCE,
    )
    scanner_port: str = setting(
        "",
        Text(),
        Group.SCANNER,
        N_("Serial port"),
        N_("A scanner is listened to there, such as COM3 or /dev/ttyACM0; empty for none."),
        applies=Applies.AT_ONCE,
    )
    scanner_baud: int = setting(
        9600,
        Choice({baud: f"{baud:,}" for baud in BAUDS}),
        Group.SCANNER,
        N_("Speed of the serial port"),
        N_("In bits a second; scanners at USB do not mind."),
        applies=Applies.AT_ONCE,
    )
    tone_volume: int = setting(
        50,
        Whole(0, 100, "%"),
        Group.SCANNER,
        N_("Volume of the tones"),
        N_("How loud it is told what became of a scan; 0 for silence."),
        applies=Applies.AT_ONCE,
    )
    shift_starts: tuple[str, ...] = setting(
        ("06:00", "14:00", "22:00"),
        DayTimes(),
        Group.SCANNER,
        N_("Shifts begin at"),
        N_("By these the log of scans is told apart (hh:mm)."),
        applies=Applies.AT_ONCE,
    )
    api_url: str = setting(
        PRODUCTION_API_URL,
        Address(),
        Group.SERVERS,
        N_("Database"),
        N_("Address of the database that the sign-in page offers."),
        variables=("ITKDB_API_URL",),
        option="--api-url",
    )
    auth_url: str = setting(
        PRODUCTION_AUTH_URL,
        Address(),
        Group.SERVERS,
        N_("Identity provider"),
        N_("Address of the server that takes the access codes."),
        variables=("ITKDB_AUTH_URL",),
        option="--auth-url",
    )
    access_code1: str = setting(
        "",
        Text(),
        Group.SERVERS,
        N_("Access code 1"),
        N_("First access code, for the sign-in page and for scripts; no settings.toml may hold it."),
        variables=("ITKDB_ACCESS_CODE1",),
        is_secret=True,
    )
    access_code2: str = setting(
        "",
        Text(),
        Group.SERVERS,
        N_("Access code 2"),
        N_("Second access code; no settings.toml may hold it either."),
        variables=("ITKDB_ACCESS_CODE2",),
        is_secret=True,
    )
    access_scope: str = setting(
        "openid https://itkpd.unicornuniversity.net",
        Text(),
        Group.SERVERS,
        N_("Scope"),
        N_("What is asked for at sign-in."),
        variables=("ITKDB_ACCESS_SCOPE",),
    )
    access_audience: str = setting(
        "https://itkpd.unicornuniversity.net",
        Text(),
        Group.SERVERS,
        N_("Audience"),
        N_("What a token must name to be taken."),
        variables=("ITKDB_ACCESS_AUDIENCE",),
    )
    leeway: float = setting(
        2.0,
        Number(0, 3600, "s"),
        Group.SERVERS,
        N_("Clock difference"),
        N_("So much may this computer's clock differ from the identity provider's."),
        variables=("ITKDB_LEEWAY",),
    )
    eos_hosts: tuple[str, ...] = setting(
        _EOS_HOSTS,
        Names(),
        Group.SERVERS,
        N_("Hosts of the object store"),
        N_("Only these are given the token for a file (host or host:port)."),
    )
    eos_redirect_hosts: tuple[str, ...] = setting(
        _EOS_REDIRECT_HOSTS,
        Names(),
        Group.SERVERS,
        N_("Allowed redirect hosts"),
        N_("The object store may send a transfer to these (patterns; host or host:port)."),
    )
    https_proxy: str = setting(
        "",
        Proxy(),
        Group.NETWORK,
        N_("Proxy"),
        N_("Address of the proxy to the servers, like http://host:port; empty for what the system says."),
        variables=("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"),
    )
    http_proxy: str = setting(
        "",
        Proxy(),
        Group.NETWORK,
        N_("Proxy for http"),
        N_("The same for the storage nodes of EOS, which speak http; empty for what the system says."),
        variables=("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"),
    )
    no_proxy: tuple[str, ...] = setting(
        (),
        Names(),
        Group.NETWORK,
        N_("Hosts without a proxy"),
        N_("These, and those below them, are reached directly."),
        variables=("no_proxy", "NO_PROXY"),
    )
    ca_bundle: Path | None = setting(
        None,
        CertificateFile(),
        Group.NETWORK,
        N_("Certificates"),
        N_("File with authorities (PEM) to be trusted beside the usual ones, such as that of a proxy."),
    )
    connect_timeout: float = setting(
        10.0,
        Number(0.1, 600, "s"),
        Group.NETWORK,
        N_("Time to connect"),
        N_("For so long a server may take to be reached."),
    )
    read_timeout: float = setting(
        120.0,
        Number(0.1, 3600, "s"),
        Group.NETWORK,
        N_("Time to answer"),
        N_("For so long a server may be silent."),
    )
    page_size: int = setting(
        100,
        Whole(1, 1000, N_("rows")),
        Group.NETWORK,
        N_("Rows at a time"),
        N_("So many rows of a list are asked for at a time."),
    )
    log_level: str = setting(
        "info",
        Choice(
            {
                "debug": N_("Everything"),
                "info": N_("Usual"),
                "warning": N_("Warnings"),
                "error": N_("Errors only"),
            }
        ),
        Group.PROGRAM,
        N_("Log"),
        N_("Least severe message that is written to the log."),
        option="--log-level",
        applies=Applies.AT_ONCE,
    )
    plugins: tuple[str, ...] = setting(
        (),
        Endings(),
        Group.PROGRAM,
        N_("Plug-ins"),
        N_("Endings of files that installed plug-ins may show or read; for no other is any loaded."),
        applies=Applies.AT_ONCE,
    )
    idle_lock_minutes: int = setting(
        0,
        Whole(0, 600, "min"),
        Group.PROGRAM,
        N_("Lock when idle"),
        N_("After so long without a hand on it the window is locked, and uploads go on; 0 for never."),
        applies=Applies.AT_ONCE,
    )
    idle_sign_out_minutes: int = setting(
        0,
        Whole(0, 1440, "min"),
        Group.PROGRAM,
        N_("Sign out when idle"),
        N_("After so long without a hand on it, and once uploads are done, one is signed out; 0 for never."),
        applies=Applies.AT_ONCE,
    )
    desktop_messages: bool = setting(
        True,
        Switch(),
        Group.PROGRAM,
        N_("Messages of the desktop"),
        N_("When nobody looks at the window: all uploads have arrived, or one needs somebody."),
        applies=Applies.AT_ONCE,
    )
    data_dir: Path | None = setting(
        None,
        Place(),
        Group.PROGRAM,
        N_("Data folder"),
        N_("Everything the program writes is kept below this folder, your settings too."),
        option="--data-dir",
        applies=Applies.AT_START,
        in_own_file=False,
    )

    @property
    def is_production(self) -> bool:
        return self.api_url == PRODUCTION_API_URL

    @property
    def trusted_eos_hosts(self) -> tuple[str, ...]:
        """The hosts that may be given an EOS token: for an API on this computer, its neighbours too.

        Hosts that were chosen stand as they are.
        """
        return self._with_neighbours(self.eos_hosts, _EOS_HOSTS)

    @property
    def trusted_eos_redirect_hosts(self) -> tuple[str, ...]:
        """The hosts that EOS may send a transfer to, by the same rule."""
        return self._with_neighbours(self.eos_redirect_hosts, _EOS_REDIRECT_HOSTS)

    def _with_neighbours(self, hosts: tuple[str, ...], default: tuple[str, ...]) -> tuple[str, ...]:
        is_neighbour = is_loopback(urlsplit(self.api_url).hostname or "")
        return (*hosts, *_LOOPBACK_HOSTS) if hosts == default and is_neighbour else hosts

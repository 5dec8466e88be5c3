"""Joins the servers: API and identity provider on one port, EOS door and EOS storage node on others."""

from __future__ import annotations

import ssl
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from itkgui.sandbox.catalogue.catalogue import Catalogue
from itkgui.sandbox.eos import object_store, token_service
from itkgui.sandbox.eos.eos_tokens import EosTokens
from itkgui.sandbox.eos.object_store import EosDoor, EosNode
from itkgui.sandbox.eos.token_service import TokenService
from itkgui.sandbox.holdings import holdings
from itkgui.sandbox.identity_provider import AWID, PATH, IdentityProvider
from itkgui.sandbox.ledger.origins import Origins
from itkgui.sandbox.oddities import Oddities
from itkgui.sandbox.production_database import ProductionDatabase
from itkgui.sandbox.storage import Storage
from itkgui.sandbox.wire import manners
from itkgui.sandbox.wire.certificates import Authority
from itkgui.sandbox.wire.connection import Site
from itkgui.sandbox.wire.control import Control
from itkgui.sandbox.wire.exchange import Application
from itkgui.sandbox.wire.faults import Faults
from itkgui.sandbox.wire.manners import Manner
from itkgui.sandbox.wire.messages import Request, Response
from itkgui.sandbox.wire.request_log import RequestLog
from itkgui.sandbox.wire.server import HttpServer
from itkgui.sandbox.world import World


@dataclass(frozen=True)
class Options:
    """What can be chosen when a sandbox starts; times are in seconds, sizes in bytes."""

    port: int = 0
    components: int = 2400
    seed: int = 1
    latency: float = 0.0
    storage: Path | None = None
    token_lifetime: float = 1800.0
    eos_token_lifetime: float = 300.0
    clock_offset: float = 0.0
    oddities: Oddities = field(default_factory=Oddities)
    tls: bool = False
    largest_upload: int = 5 * 1024**3


class _Api:
    """The first port: the identity provider under its path, the production database elsewhere."""

    def __init__(self, database: ProductionDatabase, identities: IdentityProvider) -> None:
        self._database = database
        self._identities = identities

    def answer(self, request: Request) -> Response:
        if request.path.startswith(PATH):
            return self._identities.answer(request)
        if request.expire_token:
            self._identities.revoke(request.bearer)
        return self._database.answer(request)


class _Door:
    """The second port: the service for tokens under its path, the door of the object store elsewhere."""

    def __init__(self, door: EosDoor, tokens: TokenService) -> None:
        self._door = door
        self._tokens = tokens

    def answer(self, request: Request) -> Response:
        application: Application = self._tokens if request.path == token_service.PATH else self._door
        return application.answer(request)


class Service:
    """One sandbox: all its servers and what they share. Raises OSError if a port or folder cannot be had."""

    def __init__(self, options: Options) -> None:
        catalogue = Catalogue(options.seed, options.components)
        self._options = options
        self._storage = Storage(options.storage)
        self._faults = Faults()
        self._log = RequestLog()
        self._servers: list[HttpServer] = []
        try:
            self._context = self._secure() if options.tls else None
            self._open_all(catalogue)
        except OSError:
            self._close()
            raise

    def _open_all(self, catalogue: Catalogue) -> None:
        oddities = self._options.oddities
        tokens = EosTokens(self._options.eos_token_lifetime)
        self._world = World(Origins(catalogue), self._storage, tokens, oddities)
        self._world.prepare()
        self._accounts = self._world.roles.accounts
        self._identities = IdentityProvider(
            self._accounts, self._options.token_lifetime, self._options.clock_offset
        )
        files = self._world.eos_files
        door = EosDoor(files, tokens, answers_empty_files=oddities.empty_eos_files)
        api = _Api(ProductionDatabase(self._world, self._identities), self._identities)
        api_manners = [
            (PATH, manners.identity_provider(oddities)),
            ("", manners.api(oddities, AWID)),
        ]
        door_manners = [
            (token_service.PATH, manners.token_service(oddities)),
            ("", manners.eos(oddities, object_store.DOOR_SERVER)),
        ]
        node_manners = [("", manners.eos(oddities, object_store.NODE_SERVER))]
        control = Control(self._faults, self._log, lambda: holdings(self._world))
        self._api = self._open(self._site("api", api, api_manners, control), self._options.port)
        self._door = self._open(self._site("door", _Door(door, TokenService(tokens)), door_manners))
        node = self._open(self._site("node", EosNode(files, tokens), node_manners))
        door.node_origin = node.origin
        self._world.eos_origin = self._door.origin
        self._identities.issuer = f"{self._api.origin}{PATH.rstrip('/')}"

    def start(self) -> None:
        for server in self._servers:
            server.start()

    def stop(self) -> None:
        self._faults.stop()
        for server in self._servers:
            server.stop()
        self._storage.close()

    def announcement(self) -> dict[str, Any]:
        """Return what a client needs to know."""
        return {
            "api_url": f"{self._api.origin}/",
            "auth_url": f"{self._api.origin}{PATH}",
            "eos_url": f"{self._door.origin}{object_store.ROOT}",
            "eos_token_url": f"{self._door.origin}{token_service.PATH}",
            "ca_file": None if self._context is None else str(self._ca_file),
            "access_code1": self._accounts[0].access_code1,
            "access_code2": self._accounts[0].access_code2,
            "bearer": self._identities.issue(self._accounts[0]),
            "accounts": [asdict(account) for account in self._accounts],
            "components": len(self._world.catalogue.parts),
        }

    @property
    def _ca_file(self) -> Path:
        return self._storage.folder.absolute() / "ca.pem"

    def _secure(self) -> ssl.SSLContext:
        authority = Authority()
        # What passes through there is cleared, even after a kill.
        passing, file = self._storage.incoming()
        file.close()
        passing.unlink()
        context = authority.server_context(passing)
        self._ca_file.write_bytes(authority.pem)
        return context

    def _site(
        self,
        name: str,
        application: Application,
        manners: list[tuple[str, Manner]],
        control: Control | None = None,
    ) -> Site:
        return Site(
            name=name,
            application=application,
            manners=[
                (path, replace(manner, clock_offset=self._options.clock_offset)) for path, manner in manners
            ],
            faults=self._faults,
            log=self._log,
            largest_upload=self._options.largest_upload,
            # The storage nodes speak plain HTTP and answer from their disks at once (API reference §1.1).
            latency=0.0 if name == "node" else self._options.latency,
            control=control,
            tls=None if name == "node" else self._context,
        )

    def _open(self, site: Site, port: int = 0) -> HttpServer:
        server = HttpServer(site, port)
        self._servers.append(server)
        return server

    def _close(self) -> None:
        for server in self._servers:
            server.server_close()
        self._storage.close()

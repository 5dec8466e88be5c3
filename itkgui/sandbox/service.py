"""Joins the servers: API and identity provider on one port, EOS door and EOS storage node on others."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from itkgui.sandbox.catalogue.catalogue import Catalogue
from itkgui.sandbox.eos import object_store
from itkgui.sandbox.eos.eos_tokens import EosTokens
from itkgui.sandbox.eos.object_store import EosDoor, EosNode
from itkgui.sandbox.identity_provider import PATH, IdentityProvider
from itkgui.sandbox.ledger.origins import Origins
from itkgui.sandbox.oddities import Oddities
from itkgui.sandbox.production_database import ProductionDatabase
from itkgui.sandbox.storage import Storage
from itkgui.sandbox.wire.messages import Request, Response
from itkgui.sandbox.wire.server import HttpServer, Manner
from itkgui.sandbox.world import World

ACCESS_CODE_1 = "sandbox-code-1"
ACCESS_CODE_2 = "sandbox-code-2"


@dataclass(frozen=True)
class Options:
    """What can be chosen when a sandbox starts; times are in seconds."""

    port: int = 0
    components: int = 2400
    seed: int = 1
    latency: float = 0.0
    storage: Path | None = None
    token_lifetime: float = 1800.0
    eos_token_lifetime: float = 300.0
    oddities: Oddities = field(default_factory=Oddities)


class _Api:
    """The first port: the identity provider under its path, the production database elsewhere."""

    def __init__(self, database: ProductionDatabase, identities: IdentityProvider) -> None:
        self._database = database
        self._identities = identities

    def answer(self, request: Request) -> Response:
        application = self._identities if request.path.startswith(PATH) else self._database
        return application.answer(request)


class Service:
    """One sandbox: all its servers and what they share. Raises OSError if a port or folder cannot be had."""

    def __init__(self, options: Options) -> None:
        catalogue = Catalogue(options.seed, options.components)
        self._storage = Storage(options.storage)
        tokens = EosTokens(options.eos_token_lifetime)
        self._world = World(Origins(catalogue), self._storage, tokens, options.oddities)
        self._world.prepare()
        self._accounts = self._world.roles.accounts
        self._identities = IdentityProvider(self._accounts, options.token_lifetime)
        door = EosDoor(self._world.eos_files, tokens)
        node = EosNode(self._world.eos_files, tokens)
        api = _Api(ProductionDatabase(self._world, self._identities), self._identities)
        eos = Manner(object_store.DOOR_SERVER, announce_keep_alive=False)
        self._servers: list[HttpServer] = []
        try:
            self._api = self._open(
                HttpServer(api, Manner("Apache"), port=options.port, latency=options.latency)
            )
            self._door = self._open(HttpServer(door, eos, latency=options.latency, early=door.answer_early))
            manner = Manner(object_store.NODE_SERVER, announce_keep_alive=False)
            node_server = self._open(HttpServer(node, manner, early=node.answer_early))
        except OSError:
            self._close()
            raise
        door.node_origin = node_server.origin
        self._world.eos_origin = self._door.origin
        self._identities.issuer = f"{self._api.origin}{PATH.rstrip('/')}"

    def start(self) -> None:
        for server in self._servers:
            server.start()

    def stop(self) -> None:
        for server in self._servers:
            server.stop()
        self._storage.close()

    def announcement(self) -> dict[str, Any]:
        """Return what a client needs to know."""
        return {
            "api_url": f"{self._api.origin}/",
            "auth_url": f"{self._api.origin}{PATH}",
            "eos_url": f"{self._door.origin}{object_store.ROOT}",
            "access_code1": self._accounts[0].access_code1,
            "access_code2": self._accounts[0].access_code2,
            "bearer": self._identities.issue(self._accounts[0]),
            "accounts": [asdict(account) for account in self._accounts],
            "components": len(self._world.catalogue.parts),
        }

    def _open(self, server: HttpServer) -> HttpServer:
        self._servers.append(server)
        return server

    def _close(self) -> None:
        for server in self._servers:
            server.server_close()
        self._storage.close()

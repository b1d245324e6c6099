"""The real site as a child process: one web process on a database of the bench."""

import os

import uvicorn
import uvloop

from pagefree.app.site import Installation, Site
from pagefree.cli.serving import config, listening_socket
from pagefree.infra.settings import Settings


async def main() -> None:
    """Serve until told to stop."""
    port = int(os.environ["BENCH_PORT"])
    site = Site(
        Installation(
            Settings(port=port),
            os.environ["BENCH_DATABASE_URL"],
            "only for the bench" * 3,
        )
    )
    async with site.running():
        server = uvicorn.Server(config(site))
        await server.serve(sockets=[listening_socket("127.0.0.1", port)])


if __name__ == "__main__":
    uvloop.run(main())

"""`pagefree status`: tell people something on a status page when nothing else works."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from pagefree.cli.terminal import Refused, out, refusing
from pagefree.core.status_pages import Impact, Stage
from pagefree.infra.clock import system_clock
from pagefree.infra.settings import Settings, read_settings
from pagefree.status_pages import export, memory, notices, snapshots
from pagefree.status_pages.memory import STATUS_FOLDER
from pagefree.status_pages.notices import Notice
from pagefree.status_pages.snapshots import Snapshot

app = typer.Typer(
    no_args_is_help=True,
    help="Tell people something on a status page, without API and database.",
)

Slug = Annotated[str, typer.Argument(help="The page: what follows /s/ in its address.")]
DataDir = Annotated[
    Path | None, typer.Option(help="Where the web process keeps its data.")
]


@app.command()
@refusing
def publish(  # noqa: PLR0913 -- an option each
    *,
    slug: Slug,
    title: Annotated[str, typer.Option(help="What is wrong.")],
    body: Annotated[str, typer.Option(help="What people should know.")],
    status: Annotated[Stage, typer.Option(help="How far it is.")] = Stage.INVESTIGATING,
    impact: Annotated[Impact, typer.Option(help="How bad it is.")] = Impact.MAJOR,
    hours: Annotated[
        int, typer.Option(min=1, max=168, help="Until the notice goes by itself.")
    ] = 24,
    data_dir: DataDir = None,
) -> None:
    """Put a notice on a page; web processes show it within seconds."""
    settings = _settings(data_dir)
    folder = settings.data_dir / STATUS_FOLDER
    page = _page(folder, slug)
    now = system_clock()
    before = notices.read(folder, slug, now)
    notice = Notice(
        title=title,
        body=body,
        status=status,
        impact=impact,
        began_at=before.began_at if before else now,
        told_at=now,
        expires_at=now + timedelta(hours=hours),
    )
    notices.write(folder, slug, notice)
    _export(settings, page, notice)
    out.print(f"{page.view.texts[0].name} says: {title}")


@app.command()
@refusing
def clear(*, slug: Slug, data_dir: DataDir = None) -> None:
    """Take the notice off a page."""
    settings = _settings(data_dir)
    folder = settings.data_dir / STATUS_FOLDER
    page = _page(folder, slug)
    if not notices.clear(folder, slug):
        raise Refused("There is no notice on this page.")
    _export(settings, page, None)
    out.print(f"{page.view.texts[0].name} shows what it knows again.")


def _settings(data_dir: Path | None) -> Settings:
    return read_settings({"data_dir": data_dir} if data_dir else {})


def _page(folder: Path, slug: str) -> Snapshot:
    """The page as it was last rendered. Raises Refused."""
    kept = snapshots.load_all(folder)
    for snapshot in kept:
        if snapshot.slug == slug:
            return snapshot
    known = ", ".join(sorted(one.slug for one in kept)) or "none"
    raise Refused(f"There is no page {slug!r} in {folder}; there is: {known}.")


def _export(settings: Settings, page: Snapshot, notice: Notice | None) -> None:
    """Change the plain files too, should the web process be gone."""
    if settings.status_export_dir and page.access.public:
        files = memory.files_of(page, notice)
        export.write(settings.status_export_dir, page.slug, files)

"""Who can sign in to the demo, for the page where one signs in."""

from fastapi import APIRouter

from pagefree.app import demo, demo_runner
from pagefree.infra.web import DemoMode, Shape

router = APIRouter(tags=["demo"])
router.include_router(demo_runner.router)


class DemoPerson(Shape):
    """Somebody of the demo; the password is no secret."""

    name: str
    email: str
    password: str


@router.get("/api/demo-people")
async def list_demo_people(demo_mode: DemoMode) -> list[DemoPerson]:
    """Who can sign in to the demo; nobody where this is not one."""
    if not demo_mode:
        return []
    return [
        DemoPerson(name=name, email=demo.email_of(name), password=demo.PASSWORD)
        for name in demo.PEOPLE
    ]

"""Looking at a screen with axe: what of WCAG 2.2 AA a program can find."""

from functools import cache
from pathlib import Path

from playwright.async_api import Page

AXE = Path(__file__).parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LOOKS = 5
# what is still fading in or out has less contrast than it will have
LOOK = """
async (rules) => {
  const ends = document.getAnimations().filter(
    ({ effect, playState }) =>
      playState === "running" && effect.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(ends.map(({ finished }) => finished));
  const found = await axe.run(document, { runOnly: { type: "tag", values: rules } });
  return found.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id}: ${help} (${target.join(" ")})`));
}
"""


async def barriers(page: Page) -> list[str]:
    """What is wrong with what is on the screen now, one line each."""
    # evaluated, not added to the page: its policy lets no script in
    await page.evaluate(_axe())
    found: list[str] = []
    for _ in range(LOOKS):  # what is wrong stays so
        found = await page.evaluate(LOOK, RULES)
        if not found:
            break
    return found


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")

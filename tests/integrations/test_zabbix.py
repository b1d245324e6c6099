"""The media type for Zabbix: its script, run by a JavaScript engine, fits our parser."""

import json
import re
import subprocess
from pathlib import Path
from textwrap import dedent

import pytest
from playwright._impl._driver import compute_driver_executable

from pagefree.core.alerts import Action
from pagefree.integrations import zabbix
from pagefree.integrations.base import Inbound
from pagefree.integrations.zabbix.parse import parse

FOLDER = Path(str(zabbix.__file__)).parent
MEDIA_TYPE = (FOLDER / "media_type.yaml").read_text()
PARAMETERS = dict(re.findall(r"- name: (\w+)\n +value: '(.*)'", MEDIA_TYPE))
NODE = compute_driver_executable()[0]
# what Zabbix offers to scripts, as far as ours uses it
ZABBIX = """
var sent = {headers: []};
function HttpRequest() {
    this.setProxy = function (proxy) { sent.proxy = proxy; };
    this.addHeader = function (header) { sent.headers.push(header); };
    this.post = function (url, body) { sent.url = url; sent.body = body; return 'no'; };
    this.getStatus = function () { return STATUS; };
}
var value = VALUE;
try { sent.said = (function () { SCRIPT })(); } catch (error) { sent.error = String(error); }
console.log(JSON.stringify(sent));
"""


def run(status: int = 202, **parameters: str) -> dict[str, object]:
    """What the script does with these parameters; the others stay unresolved macros."""
    found = re.search(r"script: \|\n((?: {8}.*\n)+)", MEDIA_TYPE)
    assert found
    program = (
        ZABBIX.replace("STATUS", str(status))
        .replace("VALUE", json.dumps(json.dumps(PARAMETERS | parameters)))
        .replace("SCRIPT", dedent(found[1]))
    )
    done = subprocess.run(
        [NODE, "-e", program], check=True, capture_output=True, timeout=60
    )
    sent: dict[str, object] = json.loads(done.stdout)
    return sent


def test_what_the_script_sends_is_what_we_read() -> None:
    sent = run(
        url="https://page.example/in/zabbix/key",
        event_id="7",
        event_name='"/var" is full\n',
        event_nseverity="5",
        event_value="1",
        host_name="db-1",
        event_tags='[{"tag":"team","value":"storage"}]',
    )

    (event,) = parse(Inbound(str(sent["body"]).encode())).events
    assert (sent["url"], sent["said"]) == ("https://page.example/in/zabbix/key", "OK")
    assert getattr(event, "action", None) is Action.TRIGGER
    assert getattr(event, "dedup_key", "") == "7"
    assert getattr(event, "title", "") == '"/var" is full on db-1'
    assert getattr(event, "labels", {}) == {"team": "storage", "host_name": "db-1"}
    assert "key" not in str(sent["body"])


@pytest.mark.parametrize("status", [301, 400, 404, 503])
def test_zabbix_tries_again_after_anything_but_an_acceptance(status: int) -> None:
    sent = run(status, url="https://page.example/in/zabbix/key")

    assert sent["error"] == f"PageFree answered {status}: no"


def test_a_missing_address_is_explained() -> None:
    assert "Send to" in str(run()["error"])


def test_the_set_up_text_holds_the_media_type_as_it_is() -> None:
    assert MEDIA_TYPE in (FOLDER / "README.md").read_text()

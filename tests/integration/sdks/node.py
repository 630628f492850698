"""The same visit by the libraries for Node, installed from npm into a folder of the test, where there is a Node."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests import npm
from tests.integration.sdks.senders import EVENTS, MISSPELT, USER, VISITOR, Failures, Sender

PACKAGES = {"segment node": "@segment/analytics-node@3", "rudder node": "@rudderstack/rudder-sdk-node@3"}
_VISIT = f"""
const search = (number) => ({{ query_hash: '0a1b2c3d', results: number }});
function visit(client) {{
  for (let number = 0; number < {EVENTS}; number++)
    client.track({{ userId: '{USER}', event: 'Search Query', properties: search(number) }});
  client.track({{ anonymousId: '{VISITOR}', event: 'search_query', properties: search({EVENTS}) }});
  client.identify({{ userId: '{USER}', anonymousId: '{VISITOR}', traits: {{ email: 'jane@example.com' }} }});
  client.alias({{ previousId: 'earlier-visitor', userId: '{USER}' }});
  client.track({{ userId: '{USER}', event: '{MISSPELT}', properties: search(99) }});
}}
"""
_SCRIPTS = {
    "segment node": _VISIT
    + """
const { Analytics } = require('@segment/analytics-node');
const client = new Analytics({ writeKey: process.env.KEY, host: process.env.URL, flushAt: 5, maxRetries: 10 });
client.on('error', (error) => { console.error(error); process.exitCode = 1; });
visit(client);
client.closeAndFlush({ timeout: 60000 });
""",
    "rudder node": _VISIT
    + """
const Analytics = require('@rudderstack/rudder-sdk-node');
const client = new Analytics(process.env.KEY, {
  dataPlaneUrl: process.env.URL, flushAt: 5, flushInterval: 100, logLevel: 'error',
  retryCount: 10, axiosRetryConfig: { retryDelay: () => 300 },
  errorHandler: (error) => { console.error(error.message); process.exitCode = 1; },
});
visit(client);
const drain = () => client.flush().then(() => { if (client.queue.length) return drain(); });
drain();
""",
}


def senders(folder: Path) -> dict[str, Sender]:
    """A sender for each library that could be installed."""
    if not npm.install(folder, *PACKAGES.values()):
        return {}
    return {name: _sender(folder, name) for name in PACKAGES}


def _sender(folder: Path, name: str) -> Sender:
    def send(key: str, url: str, failures: Failures) -> None:
        script = folder / f"{name.replace(' ', '-')}.js"
        script.write_text(_SCRIPTS[name])
        environ = {**os.environ, "KEY": key, "URL": url}
        done = subprocess.run(
            ["node", str(script)],
            cwd=folder,
            env=environ,
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        if done.returncode != 0:
            failures.append(done.stderr)

    return send

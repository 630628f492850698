// Refreshes what says how often it wants it, only while the page is visible, and not what somebody is using.
const TICK_MS = 1000;
const JITTER_MS = 100;
let isPaused = false;

export function startPolling() {
  document.addEventListener("htmx:config:request", (event) => {
    const { ctx } = event.detail;
    ctx.rastupAskedAt = Date.now();
    const tag = ctx.sourceElement.dataset.tag;
    if (tag) ctx.request.headers["If-None-Match"] = tag;
  });
  document.addEventListener("htmx:after:request", (event) => {
    const { ctx } = event.detail;
    const tag = ctx.response?.headers.get("ETag");
    if (tag && ctx.response.status === 200) ctx.rastupTag = tag;
  });
  document.addEventListener("htmx:after:swap", (event) => {
    const { ctx } = event.detail;
    const source = ctx?.sourceElement;
    if (!source || !ctx.rastupTag) return;
    const shown = source.isConnected ? source : document.getElementById(source.id);
    if (shown) {
      shown.dataset.tag = ctx.rastupTag;
      shown.rastupAskedAt = ctx.rastupAskedAt;
      announceChanges(shown);
    }
  });
  for (const button of document.querySelectorAll("[data-pause]")) button.addEventListener("click", () => pause(button));
  setInterval(tick, TICK_MS);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && tick());
}

function tick() {
  if (document.visibilityState !== "visible" || isPaused) return;
  const now = Date.now();
  for (const element of document.querySelectorAll("[data-poll]")) {
    element.rastupAskedAt ??= now;
    if (now - element.rastupAskedAt < Number(element.dataset.poll) * 1000 - JITTER_MS || isInUse(element)) continue;
    element.rastupAskedAt = now;
    window.htmx?.trigger(element, "refresh");
  }
}

function isInUse(element) {
  if (element.querySelector("details[open]") || element.hasAttribute("data-hold")) return true;
  const focused = document.activeElement;
  return focused && focused !== document.body && element.contains(focused) && focused.matches(":focus-visible");
}

function pause(button) {
  isPaused = !isPaused;
  button.setAttribute("aria-pressed", String(isPaused));
  button.querySelector("span").textContent = isPaused ? "Go on" : "Pause";
  button.querySelector("use").setAttribute("href", button.dataset[isPaused ? "iconPlay" : "iconPause"]);
  document.documentElement.toggleAttribute("data-paused", isPaused);
  if (!isPaused) {
    for (const element of document.querySelectorAll("[data-poll]")) element.rastupAskedAt = 0;
    tick();
  }
}

// Counts that changed are said once, politely; nothing else is.
const said = new Map();
function announceChanges(root) {
  const changes = [];
  for (const element of root.querySelectorAll("[data-announce]")) {
    const name = element.dataset.announce;
    const text = element.textContent.trim();
    if (said.has(name) && said.get(name) !== text) changes.push(`${name}: ${text}`);
    said.set(name, text);
  }
  if (changes.length) document.getElementById("announce").textContent = changes.join(", ");
}

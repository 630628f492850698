// Single keys: they only move, never change anything, and can be switched off in the help.
import { read, write } from "./parts.js";
import { openPalette } from "./palette.js";

let isGoing = false;
let row = -1;

export function startKeys() {
  const box = document.querySelector("[data-keys]");
  box.checked = isOn();
  box.addEventListener("change", () => write("rastup.keys", box.checked ? "on" : "off"));
  document.addEventListener("keydown", onKey);
}

function isOn() {
  return read("rastup.keys") !== "off";
}

function onKey(event) {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || !isOn() || isWriting(event.target) || document.querySelector("dialog[open]")) return;
  if (isGoing) {
    isGoing = false;
    const link = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (link) {
      event.preventDefault();
      location.assign(link.href);
    }
    return;
  }
  const action = ACTIONS[event.key];
  if (action && action() !== false) event.preventDefault();
}

const ACTIONS = {
  "/": () => {
    const field = document.querySelector("main input[type=search]");
    if (field) field.focus(), field.select();
    else openPalette();
  },
  "?": () => document.getElementById("help").showModal(),
  g: () => {
    isGoing = true;
    setTimeout(() => (isGoing = false), 1200);
  },
  "[": () => follow("earlier"),
  "]": () => follow("later"),
  j: () => move(1),
  k: () => move(-1),
  Enter: () => openRow(),
};

function follow(name) {
  const link = document.querySelector(`a[data-shift="${name}"]`);
  if (!link) return false;
  location.assign(link.href);
}

function move(step) {
  const rows = [...document.querySelectorAll("main [data-row]")];
  if (!rows.length) return false;
  const current = rows.findIndex((element) => element.classList.contains("is-current"));
  row = Math.min(Math.max((current < 0 ? row : current) + step, 0), rows.length - 1);
  rows.forEach((element, n) => element.classList.toggle("is-current", n === row));
  rows[row].scrollIntoView({ block: "nearest" });
  const link = rows[row].querySelector("a, summary");
  link?.focus({ preventScroll: true });
}

function openRow() {
  const current = document.querySelector("main [data-row].is-current");
  if (!current || document.activeElement?.closest("a, button, summary")) return false;
  current.querySelector("a")?.click();
}

function isWriting(element) {
  return element.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]") != null;
}

// The palette: every page, metric and event, found by typing.
let entries;
let chosen = 0;

export function startPalette() {
  for (const button of document.querySelectorAll("[data-palette]")) button.addEventListener("click", openPalette);
  const input = document.getElementById("palette-input");
  input.addEventListener("input", () => show(input.value));
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      choose(chosen + step);
    } else if (event.key === "Enter") {
      event.preventDefault();
      document.querySelector("#palette-list [aria-selected=true] a")?.click();
    }
  });
}

export async function openPalette() {
  const dialog = document.getElementById("palette");
  if (dialog.open) return;
  const input = document.getElementById("palette-input");
  input.value = "";
  dialog.showModal();
  entries ??= await (await fetch("/search.json")).json();
  show("");
}

function show(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  const found = (entries || []).filter((entry) => words.every((word) => entry.text.includes(word))).slice(0, 12);
  const list = document.getElementById("palette-list");
  list.replaceChildren(...found.map(option));
  choose(0);
}

function option(entry, n) {
  const item = document.createElement("li");
  item.id = `palette-${n}`;
  item.setAttribute("role", "option");
  const link = document.createElement("a");
  link.href = entry.href;
  link.tabIndex = -1;
  link.textContent = entry.title;
  const kind = document.createElement("span");
  kind.textContent = entry.kind;
  link.append(kind);
  item.append(link);
  return item;
}

function choose(n) {
  const items = [...document.querySelectorAll("#palette-list li")];
  chosen = Math.min(Math.max(n, 0), items.length - 1);
  items.forEach((item, m) => item.setAttribute("aria-selected", String(m === chosen)));
  items[chosen]?.scrollIntoView({ block: "nearest" });
  const input = document.getElementById("palette-input");
  if (items[chosen]) input.setAttribute("aria-activedescendant", items[chosen].id);
  else input.removeAttribute("aria-activedescendant");
}

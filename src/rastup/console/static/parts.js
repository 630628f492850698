// Themes, menus, copying, ages.
export function startThemes() {
  const buttons = document.querySelectorAll("[data-theme-choice]");
  const show = () => {
    const chosen = read("rastup.theme") || "system";
    for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.themeChoice === chosen));
  };
  for (const button of buttons) {
    button.addEventListener("click", () => {
      write("rastup.theme", button.dataset.themeChoice);
      dispatchEvent(new Event("rastup:theme"));
      show();
    });
  }
  show();
}

export function startMenus() {
  const toggle = document.querySelector("[data-menu]");
  toggle?.addEventListener("click", () => {
    const isOpen = document.getElementById("nav").toggleAttribute("data-open");
    toggle.setAttribute("aria-expanded", String(isOpen));
  });
  document.addEventListener("click", (event) => {
    for (const box of document.querySelectorAll("details[data-menu-box][open]")) if (!box.contains(event.target)) box.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const box of document.querySelectorAll("details[data-menu-box][open]")) {
      box.open = false;
      box.querySelector("summary").focus();
    }
  });
  for (const button of document.querySelectorAll("[data-help]")) button.addEventListener("click", () => document.getElementById("help").showModal());
}

export function startCopying() {
  document.addEventListener("click", async (event) => {
    const link = event.target.closest("[data-copy-link]");
    const text = event.target.closest("[data-copy]");
    if (!link && !text) return;
    const value = link ? new URL(link.dataset.copyLink, location.href).href : document.querySelector(text.dataset.copy).textContent;
    try {
      await navigator.clipboard.writeText(value);
      toast("Copied");
    } catch {
      toast(value);
    }
    link?.closest("details")?.removeAttribute("open");
  });
}

export function toast(text) {
  document.querySelector(".toast")?.remove();
  const box = document.createElement("div");
  box.className = "toast";
  box.setAttribute("role", "status");
  box.textContent = text;
  document.body.append(box);
  setTimeout(() => box.remove(), 2600);
}

const UNITS = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
export function startAges() {
  const show = () => {
    for (const time of document.querySelectorAll("time[data-ago]")) {
      const seconds = Math.max(0, (Date.now() - Date.parse(time.dateTime)) / 1000);
      const [unit, size] = UNITS.find(([, size]) => seconds >= size) || ["s", 1];
      time.textContent = seconds < 1 ? "just now" : `${Math.floor(seconds / size)} ${unit} ago`;
    }
  };
  show();
  setInterval(show, 1000);
  document.addEventListener("htmx:after:swap", show);
}

export function read(name) {
  try { return localStorage.getItem(name); } catch { return null; }
}

export function write(name, value) {
  try { localStorage.setItem(name, value); } catch { /* a private window keeps nothing, and that is fine */ }
}

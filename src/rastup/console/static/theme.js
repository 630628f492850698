// Sets the theme before the first paint. Runs without waiting for anything else.
(() => {
  const choice = () => { try { return localStorage.getItem("rastup.theme") || "system"; } catch { return "system"; } };
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const chosen = choice();
    document.documentElement.dataset.theme = chosen === "system" ? (dark.matches ? "dark" : "light") : chosen;
  };
  apply();
  dark.addEventListener("change", apply);
  addEventListener("rastup:theme", apply);
})();

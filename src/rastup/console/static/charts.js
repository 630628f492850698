// Tooltips over charts, by pointer and by arrow keys, and clicks that become filters.
let tip;

export function startCharts() {
  tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true"); // the chart's text alternative and the table say the same
  document.body.append(tip);
  document.addEventListener("pointermove", (event) => {
    const hit = event.target.closest?.(".hit");
    if (hit) show(hit, event.clientX, event.clientY);
    else if (!tip.hidden && !document.querySelector(".hit.is-hot")) tip.hidden = true;
  });
  document.addEventListener("click", (event) => {
    const hit = event.target.closest?.(".hit[data-href]");
    if (hit) location.assign(hit.dataset.href);
  });
  document.addEventListener("scroll", () => (tip.hidden = true), { passive: true });
}

function show(hit, x, y) {
  tip.textContent = hit.dataset.tip;
  tip.hidden = false;
  const box = tip.getBoundingClientRect();
  const left = x + 14 + box.width > innerWidth - 8 ? x - box.width - 14 : x + 14;
  tip.style.left = `${Math.max(8, left)}px`;
  tip.style.top = `${Math.min(Math.max(8, y - box.height / 2), innerHeight - box.height - 8)}px`;
}

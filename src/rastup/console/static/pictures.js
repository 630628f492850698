// A chart as a picture: its drawing with the colours it has on the screen, as SVG or drawn onto a canvas as PNG.
const PROPERTIES = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "font-family", "font-size", "font-weight", "font-variant-numeric"];
const MARGIN = 16, HEAD = 52, SCALE = 2;

export function startPictures() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-picture]");
    if (!button) return;
    const card = button.dataset.of ? document.getElementById(button.dataset.of) : button.closest(".card");
    const svg = [...card.querySelectorAll("svg.chart, svg.spark")].find((found) => found.getBoundingClientRect().width > 0);
    if (!svg) return;
    const drawn = compose(card, svg);
    const name = card.dataset.file;
    if (button.dataset.picture === "svg") save(new Blob([drawn.text], { type: "image/svg+xml" }), `${name}.svg`);
    else paint(drawn).then((blob) => save(blob, `${name}.png`));
    button.closest("details")?.removeAttribute("open");
  });
}

function compose(card, svg) {
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const copy = svg.cloneNode(true);
  bake(svg, copy);
  copy.querySelectorAll(".hit").forEach((hit) => hit.remove());
  const style = getComputedStyle(card);
  const text = getComputedStyle(document.body);
  const total = { width: width + 2 * MARGIN, height: height + HEAD + MARGIN };
  const title = escape(card.dataset.card);
  const figure = escape(card.querySelector(".figure")?.textContent.trim() || "");
  return {
    ...total,
    text: `<svg xmlns="http://www.w3.org/2000/svg" width="${total.width}" height="${total.height}" viewBox="0 0 ${total.width} ${total.height}">
<rect width="100%" height="100%" fill="${style.backgroundColor}"/>
<g font-family="system-ui, sans-serif" fill="${text.color}"><text x="${MARGIN}" y="22" font-size="13">${title} · ${escape(card.dataset.shows)}</text><text x="${MARGIN}" y="44" font-size="18" font-weight="600">${figure}</text></g>
<svg x="${MARGIN}" y="${HEAD}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${copy.innerHTML}</svg></svg>`,
  };
}

function bake(from, to) {
  const source = [...from.querySelectorAll("*")];
  const target = [...to.querySelectorAll("*")];
  source.forEach((element, n) => {
    const style = getComputedStyle(element);
    for (const name of PROPERTIES) {
      const value = style.getPropertyValue(name);
      if (value) target[n].setAttribute(name, value);
    }
    target[n].removeAttribute("class");
  });
}

async function paint(drawn) {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(drawn.text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = drawn.width * SCALE;
  canvas.height = drawn.height * SCALE;
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 5000);
}

function escape(text) {
  const holder = document.createElement("i");
  holder.textContent = text;
  return holder.innerHTML;
}

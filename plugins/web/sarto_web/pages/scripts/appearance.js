/** How the page looks to this reader: light or dark, and the line's own colour where it can be read. */

const READABLE = 4.5; // contrast of text (WCAG 2.2, 1.4.3)
const SURFACES = { light: "#ffffff", dark: "#211f1d" };

/** Use light or dark: what the reader chose here before, else what the system says. */
export function dress(colour, stored = remembered("theme")) {
  const theme = stored || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const root = document.documentElement;
  root.dataset.theme = theme;
  const accent = colour ? readable(colour, SURFACES[theme]) : null;
  for (const [name, value] of [["--accent", accent], ["--on-accent", accent && onColour(accent)]]) {
    if (value) root.style.setProperty(name, value);
    else root.style.removeProperty(name);
  }
  return theme;
}

/** Light where it was dark, and the other way round; remembered. */
export function redress(colour) {
  const theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  remember("theme", theme);
  return dress(colour, theme);
}

/** What this browser keeps for the page; nothing where it keeps nothing. */
export function remembered(key) {
  try {
    return localStorage.getItem(`sarto.${key}`) ?? "";
  } catch {
    return "";
  }
}

export function remember(key, value) {
  try {
    localStorage.setItem(`sarto.${key}`, value);
  } catch { /* private windows and files keep nothing */ }
}

/** The colour, darkened or lightened until it can be read on the surface. */
export function readable(colour, surface) {
  let [red, green, blue] = parts(colour);
  const towards = luminance(parts(surface)) > 0.5 ? 0 : 255;
  for (let step = 0; step < 40 && contrast([red, green, blue], parts(surface)) < READABLE + 0.6; step += 1) {
    [red, green, blue] = [red, green, blue].map((each) => each + (towards - each) * 0.08);
  }
  return hex([red, green, blue]);
}

/** White or black, whichever reads better on a colour. */
function onColour(colour) {
  return contrast(parts(colour), [255, 255, 255]) >= READABLE ? "#ffffff" : "#141210";
}

function parts(colour) {
  return [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
}

function hex(channels) {
  return `#${channels.map((each) => Math.round(Math.max(0, Math.min(255, each))).toString(16).padStart(2, "0")).join("")}`;
}

function luminance(channels) {
  const [red, green, blue] = channels.map((each) => each / 255).map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(first, second) {
  const [low, high] = [luminance(first), luminance(second)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

/** Elements of the page, made in one place: what a text says is never markup. */

const SVG = "http://www.w3.org/2000/svg";

/** An element with attributes (`on…` listens, false and null are left out) and children: elements or texts. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat(2).filter((child) => child !== undefined && child !== null && child !== false));
  return made;
}

/** A feature's or a person's name, whatever direction it is written in and whatever is in it. */
export function named(name, attributes = {}) {
  return element("bdi", attributes, name);
}

/** The same inside of a sentence that is a text. */
export function isolated(name) {
  return `\u2068${name}\u2069`;
}

const PATHS = {
  down: "M4 6.5 8 10.5 12 6.5",
  check: "M3.5 8.5 6.5 11.5 12.5 4.5",
  cross: "M4.5 4.5 11.5 11.5M11.5 4.5 4.5 11.5",
  undo: "M6 3.5 2.8 6.7 6 9.9M3 6.7H10a3.2 3.2 0 0 1 0 6.4H7",
  redo: "M10 3.5 13.2 6.7 10 9.9M13 6.7H6a3.2 3.2 0 0 0 0 6.4H9",
  search: "M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9M10.4 10.4 13.5 13.5",
  share: "M6.5 9.5 9.5 6.5M7.5 4.8 9 3.3a2.6 2.6 0 0 1 3.7 3.7L11.2 8.5M8.5 11.2 7 12.7A2.6 2.6 0 0 1 3.3 9L4.8 7.5",
  compare: "M5.5 3v10M10.5 3v10M3 5.5h2.5M10.5 10.5H13",
  save: "M8 2.5v7.5M4.8 7 8 10.2 11.2 7M3 13.2h10",
  open: "M8 10V2.8M4.8 5.8 8 2.6 11.2 5.8M3 13.2h10",
  lock: "M4.5 7.5h7v5.5h-7zM6 7.5V5.2a2 2 0 0 1 4 0v2.3",
  talk: "M3 3.5h10v7H7l-3 2.7v-2.7H3z",
  tailor: "M8 2.5 9.6 6 13.4 6.4 10.6 9 11.4 12.8 8 10.9 4.6 12.8 5.4 9 2.6 6.4 6.4 6z",
  close: "M4 4 12 12M12 4 4 12",
  theme: "M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11",
};

/** A small picture beside a text that says the same. */
export function icon(name) {
  const picture = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 16 16", class: `icon icon-${name}`, "aria-hidden": "true", focusable: "false" })) {
    picture.setAttribute(key, value);
  }
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  picture.append(path);
  return picture;
}

/** A button with a picture, whose text can be left to those who cannot see it. */
export function button(text, onclick, { picture, quiet = false, ...attributes } = {}) {
  const shown = picture && quiet ? [icon(picture), element("span", { class: "unseen" }, text)] : [picture && icon(picture), text];
  return element("button", { type: "button", title: quiet ? text : null, onclick, ...attributes }, shown);
}

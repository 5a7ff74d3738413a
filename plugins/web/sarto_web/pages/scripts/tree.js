/** The feature tree: rows are fetched when a parent is unfolded, and drawn when they come into sight. */

import { drawCaption, drawRow } from "./drawing.js";
import { element } from "./element.js";
import { moveOf } from "./keys.js";
import { offsetsOf, rowAt, rowsOf } from "./rows.js";

const AROUND = 6; // rows beyond either edge
const SMALL = 80; // features: so many are unfolded from the start

/** Events: `active` {name}, `toggle` {row}, `edit` {row}, `details` {row}. */
export class Tree extends EventTarget {
  constructor(session, texts) {
    super();
    this.session = session;
    this.texts = texts;
    this.children = new Map();
    this.unfolded = new Set();
    this.drawn = new Map();
    this.rows = [];
    this.active = session.line.root;
    this.typed = { text: "", at: 0 };
    this.space = element("div", { class: "tree-space", role: "presentation" });
    this.view = element("div", {
      class: "tree", role: "tree", tabindex: "0", id: "tree", "aria-label": texts.say("tree.label"),
      onscroll: () => this.drawSoon(), onkeydown: (event) => this.press(event), onclick: (event) => this.click(event),
      ondblclick: (event) => this.unfoldAt(event),
    }, this.space);
    this.resizing = new ResizeObserver(() => this.measure());
  }

  /** Fetch the first levels and draw them. */
  async open() {
    this.root = await this.session.engine.feature(this.session.line.root);
    await this.fetch([this.session.line.root]);
    this.unfolded.add(this.session.line.root);
    if (this.session.line.features <= SMALL) await this.unfoldAll();
    this.resizing.observe(this.view);
    this.arrange();
  }

  async unfoldAll() {
    let names = [...this.unfolded];
    while (names.length) {
      const members = names.flatMap((name) => this.children.get(name)).flatMap((group) => group.members);
      names = members.filter((member) => member.has_children).map((member) => member.name);
      await this.fetch(names);
      for (const name of names) this.unfolded.add(name);
    }
  }

  async fetch(names) {
    const missing = names.filter((name) => !this.children.has(name));
    const found = await Promise.all(missing.map((name) => this.session.engine.tree(name)));
    missing.forEach((name, index) => this.children.set(name, found[index].groups));
  }

  /** Work out the rows again, after something was folded or unfolded. */
  arrange() {
    this.rows = rowsOf(this.root, this.children, this.unfolded);
    this.places = new Map();
    this.rows.forEach((row, index) => row.name !== null && this.places.set(row.name, index));
    if (!this.places.has(this.active)) this.active = this.session.line.root;
    this.measure();
  }

  measure() {
    const style = getComputedStyle(this.view);
    this.height = parseFloat(style.getPropertyValue("--row")) || 44;
    this.offsets = offsetsOf(this.rows, this.height, parseFloat(style.getPropertyValue("--caption")) || 28);
    this.space.style.height = `${this.offsets[this.rows.length]}px`;
    this.redraw();
  }

  /** Draw every visible row anew. */
  redraw() {
    for (const drawn of this.drawn.values()) drawn.remove();
    this.drawn.clear();
    this.draw();
  }

  drawSoon() {
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      this.draw();
    });
  }

  draw() {
    if (!this.rows.length) return;
    const wanted = this.inSight();
    for (const [index, drawn] of this.drawn) {
      if (wanted.has(index)) continue;
      drawn.remove();
      this.drawn.delete(index);
    }
    for (const index of wanted) if (!this.drawn.has(index)) this.place(index);
    this.view.setAttribute("aria-activedescendant", `row-${this.places.get(this.active)}`);
  }

  /** The rows in sight, some around them, and the active one, which assistive technology follows. */
  inSight() {
    const top = this.view.scrollTop;
    const first = Math.max(0, rowAt(this.offsets, top) - AROUND);
    const last = Math.min(this.rows.length - 1, rowAt(this.offsets, top + this.view.clientHeight) + AROUND);
    const wanted = new Set([this.places.get(this.active)]);
    for (let index = first; index <= last; index += 1) wanted.add(index);
    return wanted;
  }

  place(index) {
    const row = this.rows[index];
    const made = row.caption ? drawCaption(row, this) : drawRow(row, index, this);
    made.style.setProperty("--level", row.level);
    made.style.transform = `translateY(${this.offsets[index]}px)`;
    const after = [...this.drawn.keys()].filter((other) => other > index).sort((a, b) => a - b)[0];
    this.space.insertBefore(made, after === undefined ? null : this.drawn.get(after));
    this.drawn.set(index, made);
  }

  /** Make a row the active one and bring it into sight. */
  activate(name, { quiet = false } = {}) {
    if (!this.places.has(name)) return;
    const before = this.active;
    this.active = name;
    for (const each of [before, name]) this.renew(each);
    this.reveal(this.places.get(name));
    this.draw();
    if (!quiet) this.tell("active", { name });
  }

  renew(name) {
    const index = this.places.get(name);
    this.drawn.get(index)?.remove();
    this.drawn.delete(index);
  }

  reveal(index) {
    const top = this.offsets[index];
    const bottom = this.offsets[index + 1];
    if (top < this.view.scrollTop + this.height) this.view.scrollTop = top - this.height;
    else if (bottom > this.view.scrollTop + this.view.clientHeight - this.height) {
      this.view.scrollTop = bottom - this.view.clientHeight + this.height;
    }
  }

  /** Unfold all that is above a feature, and go there. */
  async goTo(path) {
    const above = path.slice(0, -1);
    await this.fetch(above);
    for (const name of above) this.unfolded.add(name);
    this.arrange();
    this.activate(path[path.length - 1]);
    this.view.focus();
  }

  async unfold(name, isOpen = !this.unfolded.has(name)) {
    if (isOpen) {
      await this.fetch([name]);
      this.unfolded.add(name);
    } else this.unfolded.delete(name);
    this.arrange();
  }

  row(name = this.active) {
    return this.rows[this.places.get(name)];
  }

  async press(event) {
    const move = moveOf(event, this);
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    await move();
  }

  click(event) {
    const drawn = event.target.closest("[role=treeitem]");
    if (!drawn) return;
    const row = this.rows[Number(drawn.id.slice(4))];
    const part = event.target.closest("[data-part]")?.dataset.part;
    this.activate(row.name);
    if (part === "fold") this.unfold(row.name);
    else if (part === "box") this.tell("toggle", { row });
    else this.tell("details", { row });
  }

  unfoldAt(event) {
    if (event.target.closest("[data-part]")) return;
    const row = this.row();
    if (row.has_children && event.target.closest("[role=treeitem]")) this.unfold(row.name);
  }

  tell(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }
}

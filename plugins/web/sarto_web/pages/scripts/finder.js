/** The search: a field with what it finds below it, and a way to each place in the tree. */

import { element, icon, named } from "./element.js";

const LATER = 150; // milliseconds after the last letter

/** A combobox (ARIA Authoring Practices); `goTo` gets the path of the feature that was picked. */
export class Finder {
  constructor(session, texts, goTo) {
    this.session = session;
    this.texts = texts;
    this.goTo = goTo;
    this.turn = 0;
    this.found = [];
    this.at = -1;
    this.list = element("ul", { id: "found", role: "listbox", "aria-label": texts.say("search.found"), hidden: true, onmousedown: (event) => this.pick(event) });
    this.input = element("input", {
      id: "search", type: "search", role: "combobox", "aria-expanded": "false", "aria-controls": "found", "aria-autocomplete": "list",
      "aria-label": texts.say("search.label"), placeholder: texts.say("search.label"), autocomplete: "off", spellcheck: "false",
      oninput: () => this.ask(), onkeydown: (event) => this.press(event), onblur: () => this.fold(),
    });
    this.told = element("span", { class: "unseen", role: "status" });
    this.view = element("div", { class: "finder", role: "search" }, icon("search"), this.input, this.list, this.told);
  }

  ask() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.find(), LATER);
  }

  async find() {
    const text = this.input.value.trim();
    const turn = (this.turn += 1);
    if (!text) return this.fold();
    const answer = await this.session.engine.search(text, 50).catch(() => ({ found: [] }));
    if (turn !== this.turn) return undefined;
    this.found = answer.found;
    this.at = this.found.length ? 0 : -1;
    this.show(answer.more);
    return undefined;
  }

  show(more) {
    this.list.replaceChildren(...this.found.map((each, index) => element("li", { role: "option", id: `found-${index}`, "data-index": index, "aria-selected": "false" },
      named(each.name, { class: "name", dir: "auto" }), element("span", { class: "path", dir: "auto" }, each.summary || each.path.join(" › ")))));
    this.list.hidden = !this.found.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.told.textContent = this.texts.say(more ? "search.more" : "search.count", { n: this.found.length });
    this.mark();
  }

  mark() {
    for (const [index, option] of [...this.list.children].entries()) option.setAttribute("aria-selected", String(index === this.at));
    const option = this.list.children[this.at];
    if (option) this.input.setAttribute("aria-activedescendant", option.id);
    else this.input.removeAttribute("aria-activedescendant");
    option?.scrollIntoView({ block: "nearest" });
  }

  press(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.found.length) {
      event.preventDefault();
      this.at = (this.at + step + this.found.length) % this.found.length;
      this.mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      this.take(this.at);
    } else if (event.key === "Escape") this.fold();
  }

  pick(event) {
    event.preventDefault();
    const option = event.target.closest("[data-index]");
    if (option) this.take(Number(option.dataset.index));
  }

  async take(index) {
    if (index < 0 || this.list.hidden) {
      await this.find();
      if (this.at < 0) return;
      index = this.at;
    }
    const { name, path } = this.found[index];
    this.input.value = "";
    this.fold();
    await this.goTo([...path, name]);
  }

  fold() {
    this.turn += 1;
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}

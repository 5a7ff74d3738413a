/** What the product costs and how many are left: the sum, what last moved it, and the lines that it is made of. */

import { movedOf, sentenceOf } from "./changes.js";
import { element } from "./element.js";

/** The card with the price. */
export class Amount {
  constructor(session, texts) {
    this.session = session;
    this.texts = texts;
    this.total = element("output", { class: "total" });
    this.moved = element("span", { class: "moved" });
    this.remaining = element("p", { class: "remaining" });
    this.last = element("p", { class: "last-change", dir: "auto" });
    this.lines = element("div", { class: "price-lines" });
    this.view = element("section", { class: "card amount", "aria-label": texts.say("amount.label") },
      element("p", { class: "sum" }, this.total, this.moved), this.remaining, this.last,
      element("details", { class: "made-of" }, element("summary", {}, texts.say("amount.lines")), this.lines));
    this.renew();
  }

  /** Show the room's price, and what a change did to it. */
  renew(event) {
    const { room } = this.session;
    this.recount();
    const price = room.price;
    this.total.textContent = price ? this.texts.money(price.total, price) : "";
    this.view.classList.toggle("without-price", !price);
    const moved = event ? movedOf(event.before.price, room.price, this.texts) : "";
    this.moved.textContent = moved;
    this.moved.dataset.way = moved && Number(price.total) < Number(event.before.price.total) ? "down" : "up";
    if (event) this.last.textContent = sentenceOf(event, this.texts);
    this.lines.replaceChildren(...(price ? [priceTable(price, this.texts)] : []));
  }

  /** Show how many products are left, which may be known later than the rest. */
  recount() {
    this.remaining.textContent = remainingText(this.session.room, this.texts);
  }
}

/** How many products and how many open features are left. */
export function remainingText(room, texts) {
  const free = texts.say("remaining.free", { n: room.free });
  const count = room.remaining?.count;
  if (count === null || count === undefined) return free;
  const n = count.length < 16 ? Number(count) : 1e15;
  return `${texts.say("remaining.products", { n, count: texts.size(count) })} · ${free}`;
}

/** The lines of a quote as a table, exact. */
export function priceTable(price, texts) {
  const money = (amount) => texts.money(amount, price);
  const line = ({ label, amount, quantity, because, kind }) => element("tr", { class: `line-${kind}` },
    element("th", { scope: "row", dir: "auto" }, label, quantity && element("span", { class: "quantity" }, ` × ${texts.number(quantity)}`),
      because && element("span", { class: "because", dir: "auto" }, because)),
    element("td", {}, money(amount)));
  const sum = (key, amount) => element("tr", { class: "sum-line" }, element("th", { scope: "row" }, texts.say(key)), element("td", {}, money(amount)));
  const isTaxed = Number(price.taxes) !== 0;
  return element("table", { class: "quote" }, element("caption", { class: "unseen" }, texts.say("amount.lines")),
    element("tbody", {}, price.lines.filter((each) => each.kind !== "tax").map(line),
      isTaxed && sum("amount.net", price.net), price.lines.filter((each) => each.kind === "tax").map(line), sum("amount.total", price.total)));
}

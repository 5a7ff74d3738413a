/** The start page: a new room, a selection to go on with, a link; and where there is an order book, the orders. */

import { barOf } from "./bar.js";
import { element, named } from "./element.js";
import { openOrders } from "./orders.js";
import { refusalText } from "./refusals.js";
import { request } from "./remote.js";

/** Put the start page into `#app`. */
export async function openStart(context, texts, speak) {
  const app = document.querySelector("#app");
  const line = context.line;
  const fault = element("p", { class: "fault", role: "alert" });
  app.className = "start";
  const main = element("main", {},
    element("section", { class: "hero" }, element("h2", {}, named(line.name, { dir: "auto" })), line.summary && element("p", { class: "lead", dir: "auto" }, line.summary),
      element("p", { class: "aside" }, texts.say("start.size", { n: line.features }), ` · ${line.version}`)));
  app.replaceChildren(barOf({ line, context, texts, speak }), main);
  if (context.orders) await openOrders(main, context, texts, fault);
  else main.append(element("div", { class: "ways-in" }, newRoom(context, texts, fault), openFile(context, texts, fault)));
  main.append(fault);
}

function newRoom(context, texts, fault) {
  const customer = element("input", { id: "customer", maxlength: "200", autocomplete: "organization", dir: "auto" });
  return element("form", { class: "card", onsubmit: (event) => {
    event.preventDefault();
    enter({ customer: customer.value.trim() }, context, texts, fault);
  } }, element("h3", {}, texts.say("start.new")), element("div", { class: "field" }, element("label", { for: "customer" }, texts.say("start.customer")), customer),
    element("button", { class: "main" }, texts.say("start.begin")));
}

function openFile(context, texts, fault) {
  const file = element("input", { id: "file", type: "file", accept: ".toml", required: true });
  return element("form", { class: "card", onsubmit: async (event) => {
    event.preventDefault();
    if (file.files[0]) enter({ selection: await file.files[0].text() }, context, texts, fault);
  } }, element("h3", {}, texts.say("start.open")), element("div", { class: "field" }, element("label", { for: "file" }, texts.say("start.file")), file),
    element("button", { class: "plain" }, texts.say("start.go-on")));
}

async function enter(body, context, texts, fault) {
  fault.textContent = "";
  try {
    const room = await request("POST", "/api/rooms", body, context.csrf);
    location.assign(`/rooms/${encodeURIComponent(room.id)}`);
  } catch (error) {
    fault.textContent = refusalText(error, texts);
  }
}

/** The orders of a book: who is logged in, their orders with state and history, and the way into each. */

import { openDialog } from "./dialog.js";
import { button, element, named } from "./element.js";
import { refusalText } from "./refusals.js";
import { request } from "./remote.js";

/** Ask who somebody is, or show their orders. */
export async function openOrders(main, context, texts, fault) {
  const place = element("div", {});
  main.append(place);
  const again = () => show(place, context, texts, fault, again);
  await again();
}

async function show(place, context, texts, fault, again) {
  fault.textContent = "";
  try {
    if (!context.user) place.replaceChildren(logIn(texts, fault));
    else {
      const hadFocus = place.contains(document.activeElement);
      place.replaceChildren(...await orderList(context, texts, fault, again));
      if (hadFocus) place.querySelector("h3").focus();
    }
  } catch (error) {
    if (error.status === 401) place.replaceChildren(logIn(texts, fault));
    else fault.textContent = refusalText(error, texts);
  }
}

function logIn(texts, fault) {
  const name = element("input", { id: "name", autocomplete: "username", required: true, dir: "auto" });
  const password = element("input", { id: "password", type: "password", autocomplete: "current-password", required: true });
  return element("form", { class: "card log-in", onsubmit: async (event) => {
    event.preventDefault();
    try {
      await request("POST", "/api/session", { name: name.value, password: password.value });
      location.reload();
    } catch (error) {
      fault.textContent = refusalText(error, texts);
      password.value = "";
      password.focus();
    }
  } }, element("h3", {}, texts.say("log-in")), element("div", { class: "field" }, element("label", { for: "name" }, texts.say("log-in.name")), name),
    element("div", { class: "field" }, element("label", { for: "password" }, texts.say("log-in.password")), password), element("button", { class: "main" }, texts.say("log-in")));
}

async function orderList(context, texts, fault, again) {
  const search = element("input", { id: "order-search", type: "search", "aria-label": texts.say("orders.search"), placeholder: texts.say("orders.search") });
  const list = element("ul", { class: "orders" });
  const fill = async () => {
    const found = await request("GET", `/api/orders?search=${encodeURIComponent(search.value)}`);
    const rows = found.orders.map((order) => orderRow(order, context, texts, fault, again));
    list.replaceChildren(...(rows.length ? rows : [element("li", {}, texts.say("orders.none"))]));
  };
  search.addEventListener("input", fill);
  await fill();
  const create = button(texts.say("orders.new"), () => begin(context, texts, fault), { class: "main" });
  const leave = button(texts.say("log-out"), async () => {
    await request("DELETE", "/api/session", undefined, context.csrf);
    location.reload();
  }, { class: "link" });
  const heading = element("h3", { tabindex: "-1" }, texts.say("orders.title"));
  return [element("section", { class: "card" },
    element("header", {}, heading, element("span", {}, named(context.user.name), " ", leave)),
    element("div", { class: "tools" }, search, create),
    list)];
}

function orderRow(order, context, texts, fault, again) {
  const past = element("ol", { class: "history", hidden: true });
  const history = button(texts.say("orders.history"), async (event) => {
    past.hidden = !past.hidden;
    event.currentTarget.setAttribute("aria-expanded", String(!past.hidden));
    if (past.hidden) return;
    const found = await request("GET", `/api/orders/${encodeURIComponent(order.id)}/history`);
    past.replaceChildren(...found.history.map((each) => element("li", {}, element("time", { datetime: each.at }, texts.time(each.at)), " ", named(each.user), " ", each.what)));
  }, { class: "link", "aria-expanded": "false" });
  return element("li", { class: "order" },
    element("span", { class: "number" }, texts.say("orders.number", { number: String(order.number) })), named(order.customer, { dir: "auto" }),
    element("span", { class: `tag state-${order.state}` }, texts.say(`orders.state.${order.state}`)), element("time", { datetime: order.changed }, texts.time(order.changed)),
    button(texts.say("orders.open"), () => enter(order, context, texts, fault), { class: "plain" }),
    order.next.filter((state) => state !== "built").map((state) => button(
      texts.say("orders.advance", { state: texts.say(`orders.state.${state}`) }),
      () => advance(order, state, context, texts, fault, again), { class: "link" })),
    history, past);
}

/** Take an order a step on; that it is built is written down in its room, by the build itself. */
async function advance(order, to, context, texts, fault, again) {
  try {
    await request("POST", `/api/orders/${encodeURIComponent(order.id)}/advance`, { to, version: order.version }, context.csrf);
    await again();
  } catch (error) {
    fault.textContent = refusalText(error, texts);
  }
}

async function enter(order, context, texts, fault) {
  try {
    const room = await request("POST", "/api/rooms", { order: order.id }, context.csrf);
    location.assign(`/rooms/${encodeURIComponent(room.id)}`);
  } catch (error) {
    fault.textContent = refusalText(error, texts);
  }
}

/** A new order: a customer's own, or, for the vendor's people, that of a customer whom they name. */
async function begin(context, texts, fault) {
  const create = async (body) => {
    try {
      await enter(await request("POST", "/api/orders", body, context.csrf), context, texts, fault);
    } catch (error) {
      fault.textContent = refusalText(error, texts);
    }
  };
  if (context.user.role !== "vendor") return create({});
  const customer = element("input", { id: "order-customer", required: true, maxlength: "200", dir: "auto", autofocus: true });
  return openDialog({
    title: texts.say("orders.new"), name: "new-order",
    body: element("div", { class: "field" }, element("label", { for: "order-customer" }, texts.say("orders.customer")), customer),
    actions: [
      { text: texts.say("cancel") },
      { text: texts.say("orders.new"), main: true, act: () => customer.reportValidity() && create({ customer: customer.value.trim() }) },
    ],
  }, texts);
}

/** A dialog over the page: it keeps the focus while it is open, and gives it back where it came from. */

import { button, element } from "./element.js";

/** Open a dialog with a title, a body and buttons {text, act, main}; one whose `act` answers false stays open. */
export function openDialog({ title, name, body, actions = [], wide = false }, texts) {
  const before = document.activeElement;
  const heading = element("h2", { id: `${name}-title`, tabindex: "-1" }, title);
  const made = element("dialog", { class: `dialog ${name}${wide ? " wide" : ""}`, "aria-labelledby": `${name}-title` });
  const close = () => made.close();
  const buttons = actions.map(({ text, act, main, ...more }) => button(text, async () => {
    if ((await act?.()) !== false) close();
  }, { class: main ? "main" : "plain", ...more }));
  made.append(
    element("header", {}, heading, button(texts.say("close"), close, { picture: "close", quiet: true, class: "round" })),
    element("div", { class: "body", tabindex: "0", role: "region", "aria-labelledby": `${name}-title` }, body),
    buttons.length ? element("footer", {}, buttons) : "",
  );
  made.addEventListener("close", () => {
    made.remove();
    if (before?.isConnected) before.focus();
  });
  document.querySelector("#app").append(made);
  made.showModal();
  (made.querySelector("[autofocus]") ?? heading).focus();
  return made;
}

/** What is shown in place of a page that cannot be. */

import { element } from "./element.js";

/** Say what went wrong, and what helps. Without texts the words of the context are all there is. */
export function openFault({ what, hint }, texts) {
  const app = document.querySelector("#app");
  app.className = "fault-page";
  app.replaceChildren(element("main", {}, element("div", { class: "card", role: "alert" },
    element("h1", {}, texts?.say("fault") ?? "Sarto"), element("p", { dir: "auto" }, what || ""), hint && element("p", { dir: "auto" }, hint))));
}

/** What is shown in place of a page that cannot be. */

import { element } from "./element.js";
import { saidOf } from "./refusals.js";

/** Say what went wrong, and what helps; in the words of the context where there are no texts, or none for its code. */
export function openFault({ what, hint, code, data }, texts) {
  const said = texts ? saidOf({ code, data }, texts) : null;
  const app = document.querySelector("#app");
  app.className = "fault-page";
  app.replaceChildren(element("main", {}, element("div", { class: "card", role: "alert" },
    element("h1", {}, texts?.say("fault") ?? "Sarto"), element("p", { dir: "auto" }, said ?? what ?? ""), !said && hint && element("p", { dir: "auto" }, hint))));
}

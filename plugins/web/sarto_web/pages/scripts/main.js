/** Where every page begins: what the server said of it, the reader's language and colours, and then its own script. */

import { dress, remembered } from "./appearance.js";
import { LANGUAGE_AROUND, listenTo } from "./embedded.js";
import { openFault } from "./fault.js";
import { LocalEngine } from "./local.js";
import { RemoteEngine } from "./remote.js";
import { openRoom } from "./room.js";
import { openStart } from "./start.js";
import { textsOf } from "./texts.js";

const context = JSON.parse(document.querySelector("#context").textContent);

/** The first language that the reader prefers and there is a catalogue of. */
function preferred() {
  const said = context.language ? [context.language] : navigator.languages;
  const wanted = [remembered("language"), LANGUAGE_AROUND, ...said].map((each) => each.split("-")[0]);
  return wanted.find((each) => Object.hasOwn(context.languages, each)) ?? "en";
}

let texts = null;

async function open(language) {
  texts = await textsOf(language, context.texts ?? {}, "/static/texts");
  document.documentElement.lang = language;
  dress(context.colour);
  const speak = (other) => open(other).then(() => document.querySelector("#language").focus());
  document.title = [context.title, texts.say(`title.${context.page}`)].filter(Boolean).join(" · ");
  if (context.page === "start") await openStart(context, texts, speak);
  else if (context.page === "error") openFault(context, texts);
  else listenTo(await openRoom(engine(), context, texts, speak));
  document.querySelector("#app").removeAttribute("aria-busy");
}

/** The engine lives as long as the page, whatever language it speaks. */
let made = null;
function engine() {
  if (made) return made;
  const inside = document.querySelector("#model");
  made = inside ? new LocalEngine(JSON.parse(inside.textContent)) : new RemoteEngine(context);
  if (inside) made.keepIn(location);
  return made;
}

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => dress(context.colour));
open(preferred()).catch((error) => {
  openFault({ what: error.message, code: error.code, data: error.data }, texts);
  throw error;
});

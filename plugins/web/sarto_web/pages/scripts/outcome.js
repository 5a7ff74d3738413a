/** The outcome: what was decided, what it costs, and how it leaves: a file, a quote, a build. */

import { priceTable, remainingText } from "./amount.js";
import { openDialog } from "./dialog.js";
import { button, element, named } from "./element.js";
import { refusalText } from "./refusals.js";
import { Refusal } from "./remote.js";

/** Open the outcome as a dialog, which can also be printed. */
export function openOutcome(session, texts) {
  const progress = element("p", { class: "progress", role: "status" });
  return openDialog({
    title: texts.say("outcome.title"), name: "outcome", wide: true,
    body: [summaryOf(session, texts), waysOut(session, texts, progress), progress],
    actions: [{ text: texts.say("outcome.print"), act: () => { globalThis.print(); return false; } }, { text: texts.say("close") }],
  }, texts);
}

/** What was decided and what it costs; the same goes onto paper. */
export function summaryOf(session, texts) {
  const { room, line } = session;
  const decided = room.decisions.map((decision) => decisionOf(decision, room, texts));
  const missing = room.without_value ?? [];
  return element("div", { class: "summary-of-choice" },
    element("p", { class: "lead" }, named(line.name), ` ${line.version} `, room.customer && [" · ", named(room.customer)]),
    element("p", {}, remainingText(room, texts)),
    missing.length > 0 && element("p", { class: "fault" }, texts.say("outcome.missing", { n: missing.length, names: texts.names(missing) })),
    element("h3", {}, texts.say("outcome.decided", { n: decided.length })), element("ul", { class: "names" }, decided),
    room.price && [element("h3", {}, texts.say("amount.lines")), priceTable(room.price, texts)]);
}

/** One decision: whether it is in, its value, and by whom, if by somebody else. */
function decisionOf({ feature, value, by }, room, texts) {
  return element("li", {},
    element("span", { class: "mark" }, texts.say(value === false ? "choice.false" : "choice.true")), " ", named(feature),
    typeof value !== "boolean" && [": ", element("bdi", {}, typeof value === "number" ? texts.number(value) : value)],
    by && by !== room.me && [" ", element("span", { class: "tag" }, named(by))]);
}

function waysOut(session, texts, progress) {
  const { engine, room } = session;
  const ways = [button(texts.say("outcome.selection"), () => saveSelection(session), { picture: "save", class: "main" })];
  for (const format of engine.quoteFormats(session)) {
    const download = format === "html" ? null : `quote.${format}`;
    ways.push(element("a", { class: "plain as-button", href: engine.quoteAddress(format, texts.language), download, target: "_blank", rel: "noopener" },
      texts.say("outcome.quote", { format: format.toUpperCase() })));
  }
  const mayBuild = engine.canBuild && (!room.order || room.role !== "customer"); // who ordered gets what the vendor built
  if (mayBuild) ways.push(button(texts.say("outcome.build"), (event) => build(session, texts, progress, event.currentTarget), { class: "plain" }));
  if (engine.canTalk && room.approved) {
    const approve = () => session.approve().then(() => { note.textContent = approvedText(session, texts); });
    const note = element("p", { class: "aside", role: "status" }, approvedText(session, texts));
    return [element("div", { class: "ways-out" }, ways, button(texts.say("outcome.approve"), approve, { picture: "check", class: "plain" })), note];
  }
  return element("div", { class: "ways-out" }, ways);
}

function approvedText(session, texts) {
  const who = Object.entries(session.room.approved).filter(([, is]) => is).map(([role]) => texts.say(`stage.${role}`));
  return who.length ? texts.say("outcome.approved", { names: texts.lists.format(who) }) : texts.say("outcome.not-approved");
}

/** Hand the selection to the browser as a file. */
export async function saveSelection(session) {
  const text = await session.engine.selection();
  const link = element("a", { href: URL.createObjectURL(new Blob([text], { type: "application/toml" })), download: "selection.toml" });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  session.tell("done", { selection: text });
}

/** Ask for a build, tell how it goes, and link to it when it is there. */
async function build(session, texts, progress, pressed) {
  const { engine } = session;
  pressed.disabled = true;
  try {
    const { job } = await engine.build();
    for (let state = "", wait = 300; state !== "done"; wait = Math.min(2000, wait * 1.3)) {
      await new Promise((resume) => setTimeout(resume, wait));
      const found = await engine.job(job);
      if (found.error) throw new Refusal(500, found);
      state = found.state;
      progress.replaceChildren(element("progress", { "aria-label": texts.say("outcome.building") }), ` ${texts.say("outcome.building")}`);
    }
    if (session.room.order) await engine.recordBuild(session.room.order, job);
    progress.replaceChildren(element("a", { class: "main as-button", href: engine.buildAddress(job), download: true }, texts.say("outcome.download")));
    session.tell("done", { selection: await engine.selection() });
  } catch (error) {
    progress.replaceChildren(element("span", { class: "fault" }, refusalText(error, texts)));
  } finally {
    pressed.disabled = false;
  }
}

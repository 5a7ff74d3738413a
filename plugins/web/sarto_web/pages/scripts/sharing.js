/** The dialog that hands out links: whoever has one comes in, in the role that it is for. */

import { openDialog } from "./dialog.js";
import { button, element } from "./element.js";

/** Open it; `note` tells for a while that a link was copied. */
export async function openShare(session, texts, note) {
  const links = await session.engine.links();
  const field = ([role, link]) => {
    const shown = element("input", { id: `link-${role}`, readonly: true, value: link, dir: "ltr", onfocus: (event) => event.target.select() });
    const copy = async () => {
      shown.select();
      await navigator.clipboard.writeText(link);
      note(texts.say("share.copied"));
      return false;
    };
    return element("div", { class: "field" }, element("label", { for: `link-${role}` }, texts.say(`share.${role}`)),
      element("div", { class: "with-button" }, shown, button(texts.say("share.copy"), () => copy().catch(() => shown.focus()), { class: "plain" })));
  };
  return openDialog({ title: texts.say("share"), name: "sharing", body: [element("p", { class: "lead" }, texts.say("share.lead")), Object.entries(links).map(field)] }, texts);
}

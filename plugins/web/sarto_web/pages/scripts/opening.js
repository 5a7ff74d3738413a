/** The dialog that takes a selection file to go on with, where there is no page before the configurator. */

import { openDialog } from "./dialog.js";
import { element } from "./element.js";
import { refusalText } from "./refusals.js";

/** Open it; `note` tells for a while what of the file is not kept. */
export function openSelection(session, texts, note) {
  const file = element("input", { id: "file", type: "file", accept: ".toml", autofocus: true });
  const fault = element("p", { class: "fault", role: "alert" });
  const goOn = async () => {
    if (!file.files[0]) return false;
    try {
      const { decisions, others } = session.engine.read(await file.files[0].text());
      await session.goOn(decisions);
      if (others.length) note(texts.say("file.not-kept", { names: texts.names(others) }));
      return true;
    } catch (error) {
      fault.textContent = refusalText(error, texts);
      return false;
    }
  };
  return openDialog({
    title: texts.say("start.open"), name: "opening",
    body: [element("div", { class: "field" }, element("label", { for: "file" }, texts.say("start.file")), file), fault],
    actions: [{ text: texts.say("cancel") }, { text: texts.say("start.go-on"), act: goOn, main: true }],
  }, texts);
}

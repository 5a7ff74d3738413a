/** Who is here, what they say, and what they propose. */

import { button, element, named } from "./element.js";

/** The card of the people in the room. */
export class Talk {
  constructor(session, texts) {
    this.session = session;
    this.texts = texts;
    this.feature = null;
    this.people = element("p", { class: "people" });
    this.said = element("ul", { class: "said" });
    this.about = element("p", { class: "aside about" });
    this.text = element("textarea", { id: "comment", rows: "2", dir: "auto", maxlength: "2000" });
    this.view = element("section", { class: "card talk", "aria-labelledby": "talk-title" },
      element("h2", { id: "talk-title", tabindex: "-1" }, texts.say("talk.title")), this.people, !session.isLoggedIn && this.naming(), this.said,
      element("form", { onsubmit: (event) => this.send(event) }, this.about,
        element("label", { for: "comment" }, texts.say("talk.comment")), this.text, element("button", { class: "plain" }, texts.say("talk.send"))));
    this.renew();
  }

  renew() {
    const { session: { room }, texts } = this;
    this.people.replaceChildren(...(room.people ?? []).map((name) => element("span", { class: "person" }, named(name), name === room.me && ` (${texts.say("talk.me")})`)));
    const said = [...(room.proposals ?? []).map((each) => this.proposal(each)), ...(room.comments ?? []).map((each) => this.comment(each))];
    const hadFocus = this.said.contains(document.activeElement);
    this.said.replaceChildren(...said);
    if (hadFocus) this.view.querySelector("h2").focus();
    this.said.hidden = !said.length;
  }

  /** A place to say how one wants to be called. */
  naming() {
    const name = element("input", { id: "my-name", maxlength: "60", autocomplete: "name", dir: "auto" });
    const form = element("form", { class: "with-button", onsubmit: async (event) => {
      event.preventDefault();
      try {
        const me = await this.session.engine.rename(name.value.trim());
        this.session.room = { ...this.session.room, me: me.name };
        this.renew();
        form.parentElement.open = false;
      } catch (error) {
        this.session.tell("failed", { error });
      }
    } }, element("label", { class: "unseen", for: "my-name" }, this.texts.say("talk.name")), name, element("button", { class: "plain" }, this.texts.say("talk.rename")));
    return element("details", { class: "naming" }, element("summary", {}, this.texts.say("talk.name")), form);
  }

  comment({ by, text, feature, at }) {
    return element("li", {}, this.head(by, at), feature && element("span", { class: "tag" }, named(feature)), element("p", { dir: "auto" }, text));
  }

  proposal({ id, by, feature, value, text, at, outcome }) {
    const { session, texts } = this;
    const key = value === true ? "proposal.in" : value === false ? "proposal.out" : "proposal.value";
    const canAnswer = outcome === "pending" && (by !== session.room.me || session.room.role === "both");
    const answer = (way) => button(texts.say(`proposal.${way}`), () => session.answer(id, way === "accept"), { class: "chip" });
    return element("li", { class: "proposal" }, this.head(by, at),
      element("p", { dir: "auto" }, texts.say(key, { name: `\u2068${feature}\u2069`, value })), text && element("p", { dir: "auto" }, text),
      canAnswer ? element("p", { class: "ways" }, ["accept", "decline"].map(answer)) : element("span", { class: "tag" }, texts.say(`proposal.${outcome}`)));
  }

  head(by, at) {
    return element("p", { class: "by" }, named(by ?? ""), at && element("time", { datetime: at }, this.texts.time(at)));
  }

  /** Speak of a feature. */
  speakOf(feature) {
    this.feature = feature;
    this.about.replaceChildren(this.texts.say("talk.of", { name: `\u2068${feature}\u2069` }));
    this.text.focus();
  }

  async send(event) {
    event.preventDefault();
    const text = this.text.value.trim();
    if (!text) return;
    try {
      await this.session.engine.comment(text, this.feature);
      this.text.value = "";
      this.feature = null;
      this.about.replaceChildren();
      await this.session.refresh();
      this.renew();
    } catch (error) {
      this.session.tell("failed", { error });
    }
  }
}

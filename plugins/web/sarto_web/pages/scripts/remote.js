/** The engine that speaks to a server: every method is one request of its API, and answers what that answers. */

/** What a server answers that does not do what it was asked for: a conflict, a stale version, an error. */
export class Refusal extends Error {
  constructor(status, answer) {
    const error = answer.error ?? {};
    super([error.what, error.hint].filter(Boolean).join(": ") || String(status));
    this.status = status;
    this.code = error.code;
    this.data = error.data;
    this.answer = answer;
  }
}

/** One request; `csrf` goes with what changes something. Raises Refusal. */
export async function request(method, path, body, csrf = "") {
  const headers = {};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (csrf && method !== "GET") headers["X-CSRF-Token"] = csrf;
  let answer;
  try {
    answer = await fetch(path, { method, headers, body: body === undefined ? undefined : JSON.stringify(body), credentials: "same-origin" });
  } catch {
    throw new Refusal(0, {});
  }
  const text = answer.status === 204 ? "" : await answer.text();
  let found = {};
  try {
    found = text ? JSON.parse(text) : {};
  } catch {
    found = { error: { what: text.slice(0, 200) } };
  }
  if (!answer.ok) throw new Refusal(answer.status, found);
  return found;
}

/** A room on the server. */
export class RemoteEngine {
  canTalk = true;
  canBuild = true;
  canLeaveOpen = true;
  canCompare = true;
  canOpen = false;
  completions = ["recommended", "cheapest"];

  constructor(context) {
    this.context = context;
    this.id = context.room;
    this.at = `/api/rooms/${encodeURIComponent(context.room)}`;
  }

  ask(method, path, body) {
    return request(method, path, body, this.context.csrf);
  }

  line() {
    return this.ask("GET", "/api/line");
  }

  tree(parent) {
    return this.ask("GET", `/api/tree?parent=${encodeURIComponent(parent)}&room=${encodeURIComponent(this.id)}`);
  }

  /** The root, which stands in no group: what the line says of itself. */
  async feature(name) {
    const { summary } = await this.line();
    return { name, summary, type: null, default: null, attributes: {}, stage: null, has_children: true };
  }

  search(text, limit) {
    return this.ask("GET", `/api/search?q=${encodeURIComponent(text)}&limit=${limit}&room=${encodeURIComponent(this.id)}`);
  }

  room() {
    return this.ask("GET", this.at);
  }

  decision(feature) {
    return `${this.at}/decisions/${encodeURIComponent(feature)}`;
  }

  decide(feature, value, version) {
    return this.ask("PUT", this.decision(feature), { value, version });
  }

  leaveOpen(feature, version) {
    return this.ask("PUT", `${this.at}/open/${encodeURIComponent(feature)}`, { version });
  }

  takeBack(feature, version) {
    return this.ask("DELETE", `${this.decision(feature)}?version=${version}`);
  }

  undo(version) {
    return this.ask("POST", `${this.at}/undo`, { version });
  }

  redo(version) {
    return this.ask("POST", `${this.at}/redo`, { version });
  }

  repair(feature, value, repair, version) {
    return this.ask("POST", `${this.at}/repairs`, { feature, value, repair, version });
  }

  complete(to, version, isDry = false) {
    return this.ask("POST", `${this.at}/complete${isDry ? "?dry=1" : ""}`, { to, version });
  }

  why(feature) {
    return this.ask("GET", `${this.at}/why/${encodeURIComponent(feature)}`);
  }

  preview(feature, value) {
    return this.ask("GET", `${this.at}/preview/${encodeURIComponent(feature)}?value=${encodeURIComponent(JSON.stringify(value))}`);
  }

  range(feature) {
    return this.ask("GET", `${this.at}/range/${encodeURIComponent(feature)}`);
  }

  /** Compare with another room, by its link, or with a selection file, for which a room is opened. */
  async compare(link, text) {
    let other = link.split(/[?#]/)[0].split("/").filter(Boolean).pop() ?? "";
    if (text !== null) other = (await this.ask("POST", "/api/rooms", { selection: text })).id;
    return this.ask("GET", `${this.at}/compare?with=${encodeURIComponent(other)}`);
  }

  comment(text, feature) {
    return this.ask("POST", `${this.at}/comments`, feature ? { text, feature } : { text });
  }

  propose(feature, value, text) {
    return this.ask("POST", `${this.at}/proposals`, { feature, value, ...(text ? { text } : {}) });
  }

  answer(proposal, accept, version) {
    return this.ask("POST", `${this.at}/proposals/${encodeURIComponent(proposal)}`, { accept, version });
  }

  approve(version) {
    return this.ask("POST", `${this.at}/approve`, { version });
  }

  async selection() {
    const answer = await fetch(`${this.at}/selection.toml`, { credentials: "same-origin" });
    const text = await answer.text();
    if (!answer.ok) throw new Refusal(answer.status, { error: { what: text } });
    return text;
  }

  /** The forms of a quote that people read. */
  quoteFormats({ line }) {
    return line.quote_formats.filter((format) => format !== "json");
  }

  quoteAddress(format, language) {
    return `${this.at}/quote.${format}?language=${encodeURIComponent(language)}`;
  }

  build() {
    return this.ask("POST", `${this.at}/build`, {});
  }

  job(job) {
    return this.ask("GET", `/api/jobs/${encodeURIComponent(job)}`);
  }

  buildAddress(job) {
    return `/api/jobs/${encodeURIComponent(job)}/build`;
  }

  /** The ways in for others, by their role; where people log in, one address for all. */
  async links() {
    const { links } = await this.room();
    const found = Object.entries(links ?? {}).map(([role, path]) => [role, location.origin + path]);
    return found.length ? Object.fromEntries(found) : { all: `${location.origin}/rooms/${encodeURIComponent(this.id)}` };
  }

  /** Be called by another name, also where one listens. */
  async rename(name) {
    const me = await this.ask("PUT", "/api/me", { name });
    this.listen(this.heard);
    return me;
  }

  /** Write into the order of this room that it was built. */
  async recordBuild(order, job) {
    const { version } = await this.ask("GET", `/api/orders/${encodeURIComponent(order)}`);
    return this.ask("POST", `/api/orders/${encodeURIComponent(order)}/advance`, { to: "built", version, job });
  }

  /** Hear what others do, from the last event on after a break; `heard` gets the kind and the data. */
  listen(heard) {
    this.heard = heard;
    this.source?.close();
    const source = (this.source = new EventSource(`${this.at}/events`));
    for (const kind of ["change", "remaining", "comment", "proposal", "approved", "people", "reset"]) {
      source.addEventListener(kind, (event) => heard(kind, JSON.parse(event.data)));
    }
    addEventListener("pagehide", () => source.close());
  }
}

/** One configuring session as the page knows it: the room, kept up to date by the engine's answers and events. */

/** Events: `change` {change, by}, `conflict` {feature, value, conflict}, `failed` {error}, `people`, `remaining`, `talk`, `busy`. */
export class Session extends EventTarget {
  constructor(engine, { isLoggedIn = false } = {}) {
    super();
    this.engine = engine;
    this.isLoggedIn = isLoggedIn;
    this.pending = Promise.resolve();
  }

  /** Fetch everything that a page begins with, and listen. */
  async open() {
    this.line = await this.engine.line();
    this.take(await this.engine.room());
    this.engine.listen((kind, data) => this.hear(kind, data));
  }

  /** Take a whole room over. */
  take(room) {
    this.room = room;
    this.states = new Map();
    for (const name of room.selected) this.states.set(name, true);
    for (const name of room.excluded) this.states.set(name, false);
    this.decided = new Map(room.decisions.map((decision) => [decision.feature, decision]));
  }

  /** Whether a feature is in or out; undefined where it is free. */
  state(name) {
    return this.states.get(name);
  }

  /** The decision that somebody made on a feature, if anybody did. */
  decision(name) {
    return this.decided.get(name);
  }

  /** A typed feature's value: the decided one, else its default; undefined where it has none. */
  value(row) {
    const decided = this.decided.get(row.name)?.value;
    if (decided !== undefined && typeof decided !== "boolean") return decided;
    return row.default === null || typeof row.default === "boolean" ? undefined : row.default;
  }

  /** How amounts of money are written. */
  money() {
    return { currency: this.room.price?.currency || this.line.currency || "", decimals: this.room.price?.decimals };
  }

  /** Whether this person may decide a feature of that stage. */
  mayDecide(stage) {
    const { role } = this.room;
    return role === "both" || (stage === "vendor") === (role === "vendor");
  }

  /** Whether nobody decided it, and it is settled all the same. */
  follows(name) {
    return this.states.has(name) && !this.decided.has(name);
  }

  decide(feature, value) {
    return this.act((version) => this.engine.decide(feature, value, version), { feature, value });
  }

  takeBack(feature) {
    return this.act((version) => this.engine.takeBack(feature, version), { feature, value: null });
  }

  /** Leave a feature to the end user. */
  leaveOpen(feature) {
    return this.act((version) => this.engine.leaveOpen(feature, version), { feature, value: null });
  }

  undo() {
    return this.act((version) => this.engine.undo(version), {});
  }

  redo() {
    return this.act((version) => this.engine.redo(version), {});
  }

  repair(feature, value, id) {
    return this.act((version) => this.engine.repair(feature, value, id, version), { feature, value });
  }

  complete(to) {
    return this.act((version) => this.engine.complete(to, version), {});
  }

  /** Go on with decisions from elsewhere. */
  goOn(decisions) {
    return this.act(() => this.engine.goOn(decisions), {});
  }

  answer(proposal, accept) {
    return this.act((version) => this.engine.answer(proposal, accept, version), {});
  }

  approve() {
    return this.act((version) => this.engine.approve(version), {});
  }

  /** One thing after the other: each change is made on the version that the one before it left. */
  act(call, asked) {
    const turn = this.pending.then(() => this.attempt(call, asked));
    this.pending = turn.catch(() => undefined);
    return turn;
  }

  async attempt(call, asked, again = true) {
    this.tell("busy", true);
    try {
      const change = await call(this.room.version);
      await this.apply(change, { mine: true, asked });
      return change;
    } catch (error) {
      if (error.status === 412 && again) {
        await this.refresh();
        return await this.attempt(call, asked, false);
      }
      if (error.status === 409 && error.answer.conflict) this.tell("conflict", { ...asked, conflict: error.answer.conflict });
      else if (error.status === undefined) throw error;
      else this.tell("failed", { error });
      return null;
    } finally {
      this.tell("busy", false);
    }
  }

  /** Take a change over; one that does not follow on what is known here makes the page ask for all again. */
  async apply(change, context) {
    if (change.version <= this.room.version) return;
    const before = { states: this.states, price: this.room.price, remaining: this.room.remaining };
    if (change.version === this.room.version + 1 && change.decisions) this.merge(change);
    else await this.refresh();
    this.tell("change", { change, before, ...context });
  }

  merge(change) {
    this.states = new Map(this.states);
    for (const name of change.freed ?? []) this.states.delete(name);
    for (const name of change.selected ?? []) this.states.set(name, true);
    for (const name of change.excluded ?? []) this.states.set(name, false);
    const { selected, excluded, freed, decision, by, what, ...standing } = change;
    this.room = { ...this.room, ...standing };
    this.decided = new Map(this.room.decisions.map((each) => [each.feature, each]));
  }

  async refresh() {
    this.take(await this.engine.room());
  }

  /** What others did. */
  async hear(kind, data) {
    if (kind === "change") {
      await this.pending;
      await this.apply(data, { mine: data.by === this.room.me, asked: {} });
    } else if (kind === "people") {
      this.room.people = data.people;
      this.tell("people", data);
    } else if (kind === "remaining") {
      if (data.version === this.room.version) this.room.remaining = data.remaining;
      this.tell("remaining", data);
    } else {
      await this.refresh();
      this.tell("talk", { kind, data });
    }
  }

  tell(kind, detail) {
    this.dispatchEvent(new CustomEvent(kind, { detail }));
  }
}

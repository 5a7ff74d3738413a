/** The part of TOML 1.0 in which selections are written: tables, keys, texts, numbers, truth values, lists of these. */

const BARE = /[A-Za-z0-9_-]+/y;
const NUMBER = /[+-]?(?:0|[1-9](?:_?[0-9])*)(?:\.[0-9](?:_?[0-9])*)?(?:[eE][+-]?[0-9](?:_?[0-9])*)?(?![\w.:+-])/y;
const TRUTH = /(?:true|false)(?![\w.:+-])/y;
const ESCAPED = /\\(?:[btnfr"\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})/y;
const ESCAPES = { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", '"': '"', "\\": "\\" };

/** Raised for what is not TOML, or not in the part of it that is read: a text of the catalogue, and its values. */
export class Unread extends Error {
  constructor(key, values) {
    super(key);
    Object.assign(this, { key, values });
  }
}

/** What a file says, key by key in its order: {path, value, line}, the path from the top. Raises Unread. */
export function readToml(text) {
  return new Reader(text).entries();
}

class Reader {
  constructor(text) {
    this.text = text.replaceAll("\r\n", "\n");
    this.at = 0;
  }

  entries() {
    const found = [];
    const tables = new Set();
    let table = [];
    for (this.blank(); this.at < this.text.length; this.blank()) {
      const line = this.line();
      if (this.takes("[[")) throw new Unread("file.lists", { line });
      if (this.takes("[")) {
        table = this.key();
        this.expect("]");
        this.note(tables, table, line);
      } else {
        const path = [...table, ...this.key()];
        this.expect("=");
        this.note(tables, path, line);
        found.push({ path, value: this.value(), line });
      }
      this.space();
      if (this.at < this.text.length && !this.comment() && !this.takes("\n")) throw this.fault();
    }
    return found;
  }

  note(seen, path, line) {
    const name = JSON.stringify(path);
    if (seen.has(name)) throw new Unread("file.twice", { line, name: path.join(".") });
    seen.add(name);
  }

  key() {
    const parts = [];
    do {
      this.space();
      const sign = this.text[this.at];
      const part = sign === '"' || sign === "'" ? this.string() : this.match(BARE);
      if (part === null) throw this.fault();
      parts.push(part);
      this.space();
    } while (this.takes("."));
    return parts;
  }

  value() {
    this.space();
    const sign = this.text[this.at];
    if (sign === '"' || sign === "'") return this.string();
    if (this.takes("[")) return this.list();
    const truth = this.match(TRUTH);
    if (truth) return truth === "true";
    const number = this.match(NUMBER);
    if (number === null) throw this.fault();
    return Number(number.replaceAll("_", ""));
  }

  list() {
    const found = [];
    for (;;) {
      this.blank();
      if (this.takes("]")) return found;
      found.push(this.value());
      this.blank();
      if (!this.takes(",") && this.text[this.at] !== "]") throw this.fault();
    }
  }

  /** A text on one line: "…" with escapes, or '…' as it stands. */
  string() {
    const quote = this.text[this.at];
    if (this.text.startsWith(quote.repeat(3), this.at)) throw this.fault();
    this.at += 1;
    let found = "";
    while (this.text[this.at] !== quote) {
      const sign = this.text[this.at];
      if (sign === undefined || /[\u0000-\u0008\u000a-\u001f\u007f]/.test(sign)) throw this.fault();
      if (sign === "\\" && quote === '"') found += this.escape();
      else {
        found += sign;
        this.at += 1;
      }
    }
    this.at += 1;
    return found;
  }

  escape() {
    const written = this.match(ESCAPED);
    if (written === null) throw this.fault();
    if (written.length === 2) return ESCAPES[written[1]];
    const number = Number.parseInt(written.slice(2), 16);
    if (number > 0x10ffff || (number >= 0xd800 && number <= 0xdfff)) throw this.fault();
    return String.fromCodePoint(number);
  }

  /** Go past spaces, line ends and comments. */
  blank() {
    do this.space(); while (this.takes("\n") || this.comment());
  }

  space() {
    while (this.text[this.at] === " " || this.text[this.at] === "\t") this.at += 1;
  }

  comment() {
    return this.match(/#[^\u0000-\u0008\u000a-\u001f\u007f]*/y) !== null;
  }

  takes(text) {
    if (!this.text.startsWith(text, this.at)) return false;
    this.at += text.length;
    return true;
  }

  expect(text) {
    this.space();
    if (!this.takes(text)) throw this.fault();
  }

  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found && found[0];
  }

  line() {
    return this.text.slice(0, this.at).split("\n").length;
  }

  fault() {
    const line = this.line();
    return new Unread("file.syntax", { line, text: this.text.split("\n")[line - 1].trim().slice(0, 80) });
  }
}

/** What the expressions of price rules come to: their meaning in a configuration, exact, and unknown where it is. */

import { isFraction, read, ZERO } from "./fraction.js";

const ABSENT = Symbol("the value of what is not selected");
const UNKNOWN = Symbol("what cannot be said");

/** Raised where an expression depends on what cannot be said: a value that is not decided, a division by zero. */
export class Undefined extends Error {}

/** Whether an expression is true. `valueOf` gives a feature's value: false where it is out, null where it is not known. */
export function isTrue(expression, valueOf) {
  const { truth } = meaning(expression, valueOf);
  if (truth === null) throw new Undefined();
  return truth;
}

/** What an arithmetic expression comes to. */
export function amountOf(expression, valueOf) {
  const { value } = meaning(expression, valueOf);
  if (value === ABSENT) return ZERO;
  if (!isFraction(value)) throw new Undefined();
  return value;
}

function meaning(node, valueOf) {
  const [kind, ...parts] = node;
  const of = (part) => meaning(part, valueOf);
  switch (kind) {
    case "feature": return ofFeature(valueOf(parts[0]));
    case "attribute": return { truth: false, value: valueOf(parts[0]) === false ? ABSENT : constant(parts[1]) };
    case "sum": return { truth: false, value: summed(parts, valueOf) };
    case "number": return { truth: false, value: read(parts[0]) };
    case "text": return { truth: false, value: parts[0] };
    case "arithmetic": return { truth: false, value: calculated(parts[0], of(parts[1]).value, of(parts[2]).value) };
    case "function": return { truth: false, value: applied(parts[0], of(parts[1]).value) };
    case "compare": return { truth: compared(parts[0], of(parts[1]).value, of(parts[2]).value), value: UNKNOWN };
    default: return { truth: connected(kind, parts.map((part) => of(part).truth)), value: UNKNOWN };
  }
}

function ofFeature(value) {
  if (value === null) return { truth: true, value: UNKNOWN };
  if (value === false) return { truth: false, value: ABSENT };
  return { truth: true, value: value === true ? read(1) : typeof value === "number" ? read(value) : value }; // or a text, or exact
}

function constant(value) {
  return value === null ? ABSENT : value.text ?? read(value.number);
}

/** A sum or an average: of one feature's values, or of what the selected features have as an attribute. */
function summed([name, kind, members], valueOf) {
  const values = kind === "values" ? [valueOf(members)].filter((value) => value !== false) : members.filter(([feature]) => valueOf(feature) !== false).map(([, number]) => number);
  if (values.includes(null)) return UNKNOWN;
  const total = values.map((value) => read(value === true ? 1 : value)).reduce((sum, each) => sum.plus(each), ZERO);
  return name === "sum" || !values.length ? total : total.over(read(values.length));
}

/** And, or, not … of three truths, the third of which is unknown (Kleene, 1938). */
function connected(kind, truths) {
  const not = (truth) => (truth === null ? null : !truth);
  const any = (all) => (all.includes(true) ? true : all.includes(null) ? null : false);
  switch (kind) {
    case "not": return not(truths[0]);
    case "and": return not(any(truths.map(not)));
    case "or": return any(truths);
    case "implies": return any([not(truths[0]), truths[1]]);
    default: return truths.includes(null) ? null : truths[0] === truths[1];
  }
}

function compared(operator, left, right) {
  if (left === UNKNOWN || right === UNKNOWN) return null;
  const beside = (value, other) => (value === ABSENT ? (typeof other === "string" ? "" : ZERO) : value);
  const [first, second] = [beside(left, right), beside(right, left)];
  if (isFraction(first) !== isFraction(second)) return operator === "!=";
  const sign = isFraction(first) ? first.compare(second) : ordered(first, second);
  return { "==": sign === 0, "!=": sign !== 0, "<": sign < 0, ">": sign > 0, "<=": sign <= 0, ">=": sign >= 0 }[operator];
}

/** Texts in the order of their characters' numbers. */
function ordered(first, second) {
  const [left, right] = [first, second].map((text) => [...text].map((sign) => sign.codePointAt(0)));
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    if (left[index] !== right[index]) return left[index] - right[index];
  }
  return left.length - right.length;
}

function calculated(operator, left, right) {
  const [first, second] = [left, right].map((value) => (value === ABSENT ? ZERO : value));
  if (!isFraction(first) || !isFraction(second)) return UNKNOWN;
  switch (operator) {
    case "+": return first.plus(second);
    case "-": return first.minus(second);
    case "*": return first.times(second);
    default: return first.over(second) ?? UNKNOWN;
  }
}

function applied(name, operand) {
  if (operand === ABSENT) return ZERO;
  if (name === "len") return typeof operand === "string" ? read([...operand].length) : UNKNOWN;
  if (!isFraction(operand)) return UNKNOWN;
  return name === "floor" ? operand.floor() : operand.ceil();
}

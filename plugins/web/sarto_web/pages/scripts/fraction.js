/** Exact numbers: fractions of whole numbers of any size, in lowest terms. */

/** A fraction; make it with `fraction`, or read it with `read`. */
class Fraction {
  constructor(above, below) {
    this.above = above;
    this.below = below;
    Object.freeze(this);
  }

  plus(other) {
    return fraction(this.above * other.below + other.above * this.below, this.below * other.below);
  }

  minus(other) {
    return this.plus(other.negated());
  }

  times(other) {
    return fraction(this.above * other.above, this.below * other.below);
  }

  /** Null where the other is 0. */
  over(other) {
    return other.above === 0n ? null : fraction(this.above * other.below, this.below * other.above);
  }

  negated() {
    return new Fraction(-this.above, this.below);
  }

  /** Below, equal to, or above the other: -1, 0, 1. */
  compare(other) {
    const difference = this.above * other.below - other.above * this.below;
    return difference < 0n ? -1 : difference > 0n ? 1 : 0;
  }

  floor() {
    const whole = this.above / this.below;
    return fraction(this.above < 0n && whole * this.below !== this.above ? whole - 1n : whole, 1n);
  }

  ceil() {
    return this.negated().floor().negated();
  }

  /** With so many decimals, halves away from zero: a fraction again. */
  rounded(decimals) {
    const scale = 10n ** BigInt(decimals);
    const size = (this.above < 0n ? -this.above : this.above) * scale;
    let whole = size / this.below;
    if (2n * (size % this.below) >= this.below) whole += 1n;
    return fraction(this.above < 0n ? -whole : whole, scale);
  }

  /** As a decimal with exactly so many places, which must be enough. */
  text(decimals) {
    const whole = (this.above * 10n ** BigInt(decimals)) / this.below;
    const digits = String(whole < 0n ? -whole : whole).padStart(decimals + 1, "0");
    const shown = decimals ? `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}` : digits;
    return whole < 0n ? `-${shown}` : shown;
  }

  /** As a decimal with as few places as it has. */
  decimal() {
    let places = 0;
    while ((this.above * 10n ** BigInt(places)) % this.below !== 0n) places += 1;
    return this.text(places);
  }
}

/** above / below in lowest terms, the sign above. */
export function fraction(above, below = 1n) {
  let [first, second] = [above < 0n ? -above : above, below < 0n ? -below : below];
  while (second) [first, second] = [second, first % second];
  const divisor = below < 0n ? -first : first;
  return new Fraction(above / divisor, below / divisor);
}

/** The number that a text says: `12`, `-0.5`, `1e-7` or `1/3`; a number is read as it is written. */
export function read(number) {
  const text = String(number);
  if (text.includes("/")) return fraction(...text.split("/").map(BigInt));
  const [mantissa, exponent = "0"] = text.toLowerCase().split("e");
  const [whole, places = ""] = mantissa.split(".");
  const power = BigInt(exponent) - BigInt(places.length);
  const digits = BigInt(whole + places);
  return power < 0n ? fraction(digits, 10n ** -power) : fraction(digits * 10n ** power);
}

export const ZERO = fraction(0n);

/** Whether something is such a number. */
export function isFraction(value) {
  return value instanceof Fraction;
}

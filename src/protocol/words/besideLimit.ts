/** Numbers in sentences that name a limit beside them: rounded alike, one that is below would often be written as the limit itself. */

/** Decimals that are added at most; a number that is nearer to the limit is as good as equal. */
const MORE_DIGITS = 4;

/** `value` with `digits` decimals, or with as many more as it takes to be read on its own side of `limit`. */
export function besideLimit(value: number, limit: number, digits = 0): string {
  for (let d = digits; d < digits + MORE_DIGITS; d++) {
    const text = value.toFixed(d);
    if (Math.sign(Number(text) - limit) === Math.sign(value - limit)) return text;
  }
  return value.toFixed(digits + MORE_DIGITS);
}

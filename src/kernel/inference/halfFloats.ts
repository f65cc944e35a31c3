/** Numbers of 16 bits (IEEE 754 binary16), of which JavaScript has an array only in its newer versions. */
import type { Tensor } from './onnxRuntime.ts';

/** The bits of each value as 16-bit floats, rounded to the nearest. */
export function halvesOf(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const halves = new Uint16Array(values.length);
  for (let n = 0; n < bits.length; n++) halves[n] = halfBits(bits[n]!);
  return halves;
}

/** What a tensor of 16-bit floats holds, whichever array the runtime keeps it in. */
export function floatsOf(halves: Tensor['data']): Float32Array {
  // SAFETY: a tensor of 16-bit floats is an array of two bytes per value, Uint16Array or Float16Array.
  const { buffer, byteOffset, length } = halves as Uint16Array;
  const bits = new Uint16Array(buffer, byteOffset, length);
  const floats = new Float32Array(length);
  for (let n = 0; n < length; n++) floats[n] = FLOATS[bits[n]!]!;
  return floats;
}

/** The value of all 65 536 patterns of bits. */
const FLOATS = Float32Array.from({ length: 1 << 16 }, (_, bits) => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Infinity;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
});

function halfBits(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = ((bits >>> 23) & 0xff) - 127 + 15;
  const fraction = bits & 0x7fffff;
  if (exponent === 0xff - 127 + 15) return sign | 0x7c00 | (fraction ? 0x200 : 0);
  if (exponent >= 0x1f) return sign | 0x7c00;
  // Too small for a normal number: the leading 1 moves into the fraction.
  const shift = exponent > 0 ? 13 : 14 - exponent;
  if (shift > 24) return sign;
  const whole = exponent > 0 ? (exponent << 23) | fraction : fraction | 0x800000;
  const kept = whole >>> shift;
  const rest = whole & ((1 << shift) - 1);
  const half = 1 << (shift - 1);
  return sign | (kept + (rest > half || (rest === half && kept & 1) ? 1 : 0));
}

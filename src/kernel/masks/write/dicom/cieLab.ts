/** Colours as DICOM recommends them for display: CIELab under D50, each part in 16 bits (PS3.3 C.10.7.1.1). */
import type { Rgb } from '../../../../protocol/segmentColours.ts';

/** Of the white of D50. */
const WHITE = [0.96422, 1, 0.82521] as const;
/** From linear sRGB to XYZ under D50 (Bradford; IEC 61966-2-1 with ICC's white). */
const TO_XYZ = [
  [0.4360747, 0.3850649, 0.1430804],
  [0.2225045, 0.7168786, 0.0606169],
  [0.0139322, 0.0971045, 0.7141733],
] as const;

/** L* from 0 to 100, a* and b* from −128 to 127, each spread over 0 to 65535. */
export function cieLab(colour: Rgb): [number, number, number] {
  const linear = colour.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const [fx = 0, fy = 0, fz = 0] = TO_XYZ.map((row, n) => {
    const t = row.reduce((sum, weight, c) => sum + weight * linear[c]!, 0) / WHITE[n]!;
    return t > 216 / 24389 ? Math.cbrt(t) : ((24389 / 27) * t + 16) / 116;
  });
  const [l, a, b] = [116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)];
  const part = (value: number) => Math.max(0, Math.min(65535, Math.round(value)));
  return [part((l * 65535) / 100), part(((a + 128) * 65535) / 255), part(((b + 128) * 65535) / 255)];
}

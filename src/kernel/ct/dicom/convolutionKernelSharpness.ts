/** Whether a convolution kernel is made for lung (sharp) or for soft tissue, by the names that manufacturers give. */

const SHARP = [
  /^(lung|bone|bone ?plus|edge|ultra|chest ?sharp)/, // GE
  /^[bqiu][a-z]{0,2}\s?([5-9]\d)/, // Siemens: B60f, Br64, Bl57, I70f, Qr59
  /^fc(0?8|3\d|5\d|8\d)/, // Canon, Toshiba
  /^(l|yc|yd|ye|d|e|ea|eb|ec)$/, // Philips
];
const SOFT = [
  /^(standard|stnd|std|soft|detail|chest$|chst)/,
  /^[bqiu][a-z]{0,2}\s?([1-4]\d)/,
  /^fc(0?[1-7]|0?9|1\d|2\d|4\d)/,
  /^(a|b|c|ya|yb|sa|sb)$/,
];

export function convolutionKernelSharpness(kernel: string | undefined): 'sharp' | 'soft' | undefined {
  const name = (kernel ?? '').trim().toLowerCase();
  // Iterative reconstruction appends its strength: "Br38f 3".
  const first = name.split(/\s+/)[0] ?? '';
  if (SHARP.some((pattern) => pattern.test(first) || pattern.test(name))) return 'sharp';
  return SOFT.some((pattern) => pattern.test(first) || pattern.test(name)) ? 'soft' : undefined;
}

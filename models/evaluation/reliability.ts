/** How often the most probable class is right, over many chests; and the plot of it. */
import { emptyReliability, RELIABILITY_BINS, type Reliability } from './metrics.ts';
import type { PhantomResult } from './phantoms.ts';

export function reliabilityOver(phantoms: readonly PhantomResult[]): Reliability {
  const sum = emptyReliability();
  for (const { reliability } of phantoms)
    for (const key of ['count', 'confidence', 'correct'] as const)
      for (let bin = 0; bin < RELIABILITY_BINS; bin++) sum[key][bin]! += reliability[key][bin]!;
  return sum;
}

/** The reliability plot (DeGroot & Fienberg 1983) as SVG: how often a reading of a confidence is right. */
export function reliabilityPlot(phantoms: readonly PhantomResult[]): string {
  const { count, confidence, correct } = reliabilityOver(phantoms);
  const total = count.reduce((a, b) => a + b, 0);
  const [left, top, side] = [56, 34, 300];
  const x = (share: number) => (left + share * side).toFixed(1);
  const y = (share: number) => (top + (1 - share) * side).toFixed(1);
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const used = count.flatMap((n, bin) =>
    n > total / 1e4 ? [{ n, p: confidence[bin]! / n, q: correct[bin]! / n }] : [],
  );
  const points = used.map(({ p, q }) => `${x(p)},${y(q)}`).join(' ');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" font-family="sans-serif" font-size="12">
<title>Reliability of lung-texture's most probable class</title>
<rect width="400" height="400" fill="#fff"/>
<text x="200" y="20" text-anchor="middle" font-size="14">lung-texture: reliability of the most probable class</text>
${ticks
  .map(
    (t) =>
      `<path d="M${x(0)} ${y(t)}H${x(1)}M${x(t)} ${y(0)}V${y(1)}" stroke="#ddd"/><text x="${left - 8}" y="${Number(y(t)) + 4}" text-anchor="end">${t}</text><text x="${x(t)}" y="${top + side + 18}" text-anchor="middle">${t}</text>`,
  )
  .join('\n')}
<path d="M${x(0)} ${y(0)}L${x(1)} ${y(1)}" stroke="#888" stroke-dasharray="4 4"/>
<polyline points="${points}" fill="none" stroke="#0072b2" stroke-width="2"/>
${used.map(({ n, p, q }) => `<circle cx="${x(p)}" cy="${y(q)}" r="${(2 + 8 * Math.sqrt(n / total)).toFixed(1)}" fill="#0072b2"/>`).join('\n')}
<text x="${left + side / 2}" y="${top + side + 38}" text-anchor="middle">mean probability given (area of a dot: share of voxels)</text>
<text transform="translate(16 ${top + side / 2}) rotate(-90)" text-anchor="middle">share that is right</text>
</svg>
`;
}

/** The slices of one patient, with the report beside them. */
import { type ShownClass, shownClasses } from '../shownClasses.ts';
import type { LobarReport, SliceView } from '../view.ts';
import { formatNumber } from '../words/formatCell.ts';
import type { PlacesOf } from './places.ts';
import { answersOf, FLAG, flagText, joined, PROVENANCE, RESEARCH_ONLY, type ViewKind } from './viewKind.ts';

const PLACES: PlacesOf<SliceView> = {
  type: 'fixed',
  title: 'label-first',
  patient: 'patient',
  series: 'words',
  handle: 'handle',
  sliceCounts: 'fixed',
  plane: 'fixed',
  window: 'fixed',
  report: 'fixed',
  facts: { name: 'words', value: 'words' },
  reason: 'words',
  axialPercent: 'fixed',
  ownClasses: 'fixed',
  slices: { plane: 'fixed', hu: 'picture', lobes: 'picture', textures: 'picture' },
  flags: FLAG,
  provenance: PROVENANCE,
};

export const SLICES: ViewKind<SliceView> = {
  ...answersOf<SliceView>(PLACES),
  pictures: ({ slices }) => slices.length,
  plainText: (view) =>
    joined(
      view.title,
      `${view.plane} slice ${view.index + 1} of ${view.sliceCounts[view.plane]}`,
      ...view.facts.map((f) => `${f.name}: ${f.value}`),
      ...(view.flags ?? []).map(flagText),
      ...(view.report ? rowsAsText(view.report, shownClasses(view.ownClasses)) : []),
      RESEARCH_ONLY,
    ),
};

function rowsAsText({ rows }: LobarReport, classes: readonly ShownClass[]): string[] {
  return rows.map((row) => {
    const percents = classes.map(({ name, letter }) => {
      const percent = row.percent[name];
      return `${letter} ${typeof percent === 'number' ? formatNumber(percent, 1) : '–'}`;
    });
    return `${row.region.padEnd(5)} ${formatNumber(row.volumeMl, 0).padStart(5)} ml  ${percents.join('  ')}`;
  });
}

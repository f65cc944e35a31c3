/** The slices of one patient, with the report beside them. */
import { type ShownClass, shownClasses } from '../shownClasses.ts';
import type { LobarReport, SingleSliceView, SliceView } from '../view.ts';
import { handInWords } from '../words/byHand.ts';
import { formatNumber } from '../words/formatCell.ts';
import type { PlacesOf } from './places.ts';
import { answersOf, FLAG, flagText, joined, PROVENANCE, RESEARCH_ONLY, type ViewKind } from './viewKind.ts';

const SINGLE: PlacesOf<SingleSliceView> = {
  type: 'fixed',
  title: 'label-first',
  patient: 'patient',
  series: 'words',
  handle: 'handle',
  sliceCounts: 'fixed',
  plane: 'fixed',
  window: 'fixed',
  overlayName: 'words',
  among: 'fixed',
  report: 'fixed',
  facts: { name: 'words', value: 'words' },
  reason: 'words',
  edited: 'words',
  axialPercent: 'fixed',
  ownClasses: 'fixed',
  levels: 'fixed',
  slices: { plane: 'fixed', slab: 'fixed', hu: 'picture', lobes: 'picture', textures: 'picture', zones: 'picture' },
  flags: FLAG,
  provenance: PROVENANCE,
};
const PLACES: PlacesOf<SliceView> = { ...SINGLE, beside: { view: SINGLE, levels: 'fixed', by: 'fixed' } };

export const SLICES: ViewKind<SliceView> = {
  ...answersOf<SliceView>(PLACES),
  pictures: ({ slices, beside }) => slices.length + (beside?.view.slices.length ?? 0),
  plainText: (view) =>
    joined(
      ...ofOneCt(view),
      ...(view.beside ? ['beside', ...ofOneCt(view.beside.view)] : []),
      handInWords(view.provenance),
      RESEARCH_ONLY,
    ),
};

function ofOneCt(view: SingleSliceView): string[] {
  return [
    view.title,
    `${view.plane} slice ${view.index + 1} of ${view.sliceCounts[view.plane]}`,
    ...view.facts.map((f) => `${f.name}: ${f.value}`),
    ...(view.flags ?? []).map(flagText),
    ...(view.report ? rowsAsText(view.report, shownClasses(view.ownClasses)) : []),
  ];
}

function rowsAsText({ rows }: LobarReport, classes: readonly ShownClass[]): string[] {
  return rows.map((row) => {
    const percents = classes.map(({ name, letter }) => {
      const percent = row.percent[name];
      return `${letter} ${typeof percent === 'number' ? formatNumber(percent, 1) : '–'}`;
    });
    return `${row.region.padEnd(5)} ${formatNumber(row.volumeMl, 0).padStart(5)} ml  ${percents.join('  ')}`;
  });
}

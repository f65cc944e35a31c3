/** What stands at a table or a figure in a paper: of what it is, of how many, and how it was made; from the view alone. */
import type { FigureView, SliceView, TableView } from '../view.ts';
import { handInWords } from '../words/byHand.ts';
import { fromTo } from '../words/lists.ts';
import { visibleLine } from '../words/visibleText.ts';
import { inputCounts, methodsParagraph, networksOf, selectionSentences, statisticsSentences } from './methods.ts';
import { count } from './methodsOf.ts';

/** What has a caption. */
export type Captioned = TableView | FigureView | SliceView;

export interface Caption {
  /** One or two sentences behind "Table 1." or "Figure 1.": of what, and n. */
  readonly text: string;
  /** How it was measured and computed, with intervals, software and networks; undefined where nothing is known. */
  readonly methods: string | undefined;
  /** What people did to it by hand. */
  readonly byHand: string | undefined;
}

/**
 * `methods` of a caption that stands alone are the whole methods paragraph; those of one of many leave out what they have in
 * common, which `methodsParagraph` says once for all.
 */
export function captionOf(view: Captioned, stands: 'alone' | 'among others'): Caption {
  const { provenance } = view;
  const n = patientsIn(view);
  return {
    text: [sentence(view.title), ...(n && !saysHowMany(view) ? [sentence(n)] : [])].join(' '),
    methods: provenance && (stands === 'alone' ? methodsParagraph([provenance]) : ownMethods(provenance)),
    byHand: handInWords(provenance),
  };
}

function ownMethods(provenance: NonNullable<TableView['provenance']>): string {
  const networks = networksOf([provenance]);
  const by = networks.length ? `, measured by ${networks.join(' and ')}` : '';
  return [
    ...selectionSentences([provenance]),
    ...statisticsSentences([provenance]),
    `Computed with ${provenance.software}${by}.`,
  ].join(' ');
}

function sentence(text: string): string {
  const line = visibleLine(text).trim();
  return /[.!?]$/.test(line) ? line : `${line}.`;
}

/** A title, or headings of groups, may say it already. */
function saysHowMany(view: Captioned): boolean {
  const texts = view.type === 'table' ? [view.title, ...view.columns.map(({ label }) => label)] : [view.title];
  return texts.some((text) => /\bn (= )?\d|\b\d+ (patient|case|CT)s?\b/.test(text));
}

/** "n = 104 to 106", "8 patients"; undefined where it cannot be told. */
function patientsIn(view: Captioned): string | undefined {
  if (view.type === 'slices') return undefined;
  if (view.type === 'figure') return patientsOfPanels(view) ?? rangeOf(view.sizes ?? []) ?? measuredPatients(view);
  const n = view.columns.findIndex(({ name }) => name === 'n');
  if (n >= 0) return rangeOf(view.rows.map((row) => row[n]));
  const patient = view.columns.findIndex(({ name }) => name === 'patient');
  // Of a long table the first rows alone are here.
  if (patient >= 0 && view.rows.length === view.totalRows)
    return count(new Set(view.rows.map((row) => row[patient])).size, 'patient');
  return measuredPatients(view);
}

function rangeOf(cells: readonly unknown[]): string | undefined {
  const numbers = cells.filter((cell) => typeof cell === 'number');
  if (numbers.length === 0) return undefined;
  return `n = ${fromTo(Math.min(...numbers), Math.max(...numbers))}`;
}

function patientsOfPanels({ patients }: FigureView): string | undefined {
  if (!patients?.panels.length) return undefined;
  const sizes = patients.panels.map(({ rows }) => new Set(rows.map(({ patient }) => patient)).size);
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  return least === most ? count(most, 'patient') : `${least} to ${count(most, 'patient')}`;
}

function measuredPatients({ provenance }: TableView | FigureView): string | undefined {
  const { patients } = inputCounts(provenance ? [provenance] : []);
  return patients ? `CTs of ${count(patients, 'patient')}` : undefined;
}

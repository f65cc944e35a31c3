/** GRRAS and CLAIM 2024 as Markdown tables, with what a notebook knows filled in from its outputs. */

import { inputCounts, networksOf, selectionSentences, statisticsSentences } from '../../protocol/methods/methods.ts';
import type { TableView, ViewModel } from '../../protocol/view.ts';
import { allOf, atMost, fromTo } from '../../protocol/words/lists.ts';
import { type Checklist, CLAIM, GRRAS, type Known } from './checklistItems.ts';

export const YOURS = 'yours to fill';

/** Of all outputs in their order; undefined where none has a provenance. */
export function reportingChecklist(views: readonly ViewModel[]): string | undefined {
  const provenances = views.flatMap((view) => ('provenance' in view && view.provenance ? [view.provenance] : []));
  if (provenances.length === 0) return undefined;
  const answers = answersOf(views, provenances);
  return [
    '# Reporting checklist',
    `Filled from this notebook by ${provenances.at(-1)!.software} where it knows the answer; check every line. The items are in short words of our own: read the guidelines for what they ask in full.`,
    ...[GRRAS, CLAIM].map((checklist) => tableOf(checklist, answers)),
  ].join('\n\n');
}

type Answers = Readonly<Record<Known, string | undefined>>;

function tableOf({ title, source, items }: Checklist, answers: Answers): string {
  const filled = items.filter(({ known }) => known && answers[known]).length;
  return [
    `## ${title}`,
    '',
    `${source}. ${filled} of ${items.length} items are filled in.`,
    '',
    '| | section | what to report | in this study |',
    '|---|---|---|---|',
    ...items.map(
      ({ section, asks, known }, n) =>
        `| ${n + 1} | ${section} | ${asks} | ${inCell((known && answers[known]) || YOURS)} |`,
    ),
  ].join('\n');
}

/** What would end a cell or begin markup is text. */
function inCell(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~]/g, '\\$&').replace(/\s+/g, ' ');
}

/** Sentences on the number of patients. */
const PLANNING = /^The sample size was planned/;

type Provenances = Parameters<typeof statisticsSentences>[0];

function answersOf(views: readonly ViewModel[], provenances: Provenances): Answers {
  const networks = networksOf(provenances);
  const { patients, series, tables } = inputCounts(provenances);
  const selected = selectionSentences(provenances);
  const statistics = statisticsSentences(provenances);
  const about = (words: RegExp) => joined(statistics.filter((sentence) => words.test(sentence)));
  const agreements = views.filter(isAgreement);
  return {
    networkKind: networks.length
      ? `Deep learning: networks that segment lobes and textures of the lung (${allOf(networks)}).`
      : undefined,
    networks: networks.length ? `${allOf(networks)}, as described in the cards of the models.` : undefined,
    sampleSize: about(PLANNING),
    statistics: joined(statistics.filter((sentence) => !PLANNING.test(sentence))),
    numbers: joined([
      ...(patients ? [`${patients} patients with ${series} CT series were measured.`] : []),
      ...agreements.flatMap(numbersIn),
      ...selected.filter((sentence) => sentence.startsWith('Patients were left out')),
    ]),
    estimates: agreements.length
      ? `With confidence intervals in ${atMost(
          agreements.map(({ title }) => `“${title}”`),
          8,
        )}.`
      : undefined,
    sources:
      series || tables
        ? `${[...(series ? [`${series} CT series`] : []), ...(tables ? [`${tables} ${tables === 1 ? 'table' : 'tables'}`] : [])].join(' and ')}, whose SHA-256 digests the notebook keeps; where they come from is ${YOURS}.`
        : undefined,
    leftOut: joined(selected.filter((sentence) => sentence.startsWith('Patients were left out'))),
    rows: joined(selected.filter((sentence) => sentence.startsWith('Rows were selected'))),
    preprocessing: joined(selected.filter((sentence) => /^(Derived|Extents were)/.test(sentence))),
    missing: agreements.length
      ? 'Patients without a value on one side were left out of the comparison in question, and counted as missing in its table.'
      : undefined,
    consensus: about(/consensus/),
    readers: about(/readings together|against each|with each of|counts of readers/),
    software: provenances.at(-1)!.software,
    subgroups: about(/between \d+ groups|groups of different patients/),
    availability: networks.length ? `Models: ${allOf(networks)}. Software and data: ${YOURS}.` : undefined,
    details: agreements.length
      ? 'The notebook holds every table and figure; `export … statistics` writes all coefficients to a file.'
      : undefined,
  };
}

function joined(sentences: readonly string[]): string | undefined {
  return sentences.length ? sentences.join(' ') : undefined;
}

/** Tables of coefficients with their intervals. */
function isAgreement(view: ViewModel): view is TableView {
  return (
    view.type === 'table' &&
    view.provenance !== undefined &&
    ['n', 'missing'].every((name) => view.columns.some((column) => column.name === name)) &&
    view.columns.some(({ name }) => name.endsWith('_ci_low'))
  );
}

/** "“Agreement of ai with reader”: 91 to 107 patients per comparison, up to 16 missing." */
function numbersIn({ title, columns, rows }: TableView): string[] {
  const of = (name: string) =>
    rows.flatMap((row) => {
      const cell = row[columns.findIndex((column) => column.name === name)];
      return typeof cell === 'number' ? [cell] : [];
    });
  const [patients, missing] = [of('n'), of('missing')];
  if (patients.length === 0) return [];
  const [fewest, most] = [Math.min(...patients), Math.max(...patients)];
  const left = Math.max(0, ...missing);
  return [`“${title}”: ${fromTo(fewest, most)} patients per comparison${left ? `, up to ${left} missing` : ''}.`];
}

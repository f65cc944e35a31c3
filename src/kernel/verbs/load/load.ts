/** `load`: a cohort of CTs, or a table. */
import { basename, dirname, isAbsolute, join } from 'node:path';
import type { CellRemark } from '../../../protocol/kernelApi.ts';
import { allOf } from '../../../protocol/words/lists.ts';
import { UserError } from '../../base/userError.ts';
import type { Cohort } from '../../ct/cohort/cohort.ts';
import { offsetOffered } from '../../ct/cohort/hounsfield.ts';
import { withOffset } from '../../ct/cohort/offset.ts';
import { withSeries } from '../../ct/cohort/seriesChoice.ts';
import { isWebAddress } from '../../ct/dicomWeb/address.ts';
import { VOLUME_FORMATS } from '../../ct/formats/formats.ts';
import { VISITS_WISHES, withVisits } from '../../ct/visits/visits.ts';
import { choice, oneOf } from '../../language/clauses/choice.ts';
import { either } from '../../language/clauses/either.ts';
import { list } from '../../language/clauses/list.ts';
import { number } from '../../language/clauses/number.ts';
import { type Placed, placed, unwritten } from '../../language/clauses/placed.ts';
import { sequence } from '../../language/clauses/sequence.ts';
import { text } from '../../language/clauses/text.ts';
import { optional, withDefault } from '../../language/declaration.ts';
import type { LabelsAsked, Masks } from '../../masks/maskFile.ts';
import { cohortFlags } from '../../values/flags.ts';
import { masksProvenance } from '../../values/masks.ts';
import { cohortView, unusedRemarks } from '../../views/cohortView.ts';
import { masksView } from '../../views/masksView.ts';
import { STRUCTURE } from '../names.ts';
import { pointingAt } from '../pointingAt.ts';
import { declareVerb, type VerbResult } from '../verb.ts';
import { loadedTable } from './loadedTable.ts';
import { openPath } from './openPath.ts';

/** What 16 bits hold. */
const MOST_OFFSET_HU = 32768;
/** Columns that other verbs look for. */
const MAPPED = ['patient', 'region', 'class', 'score', 'percent', 'reader', 'path'];

/** `labels 1 RUL, 2 RML`: values of a map, or names of a file. */
const LABELS = either(
  oneOf('own', 'lungmask'),
  list(sequence(either(number({ integer: true, minimum: 1, maximum: 32767 }), text('value')), STRUCTURE)),
);

export const load = declareVerb({
  name: 'load',
  summary: 'Loads CTs or a table.',
  documentation: `The path is that of a folder of any depth, with one sub-folder per patient or with all patients mixed, of a zip or tar file (packed with gzip too), of a single volume file, or of a table (csv, tsv, json, a file of scores that \`read\` made, Parquet, Arrow or Feather, or a sheet of an Excel workbook, which may be a scoring sheet that \`export form\` made and somebody filled in; a workbook’s cells in per cent are read as they are shown: 11 % is 11). DICOM is read whatever its files are called; volumes are read from ${allOf(VOLUME_FORMATS.map(({ name, files }) => `${name} (${files})`))}. What it is, is told from its content; label maps are told from CTs: beside CTs they are set aside, and where there is no CT they are masks (NIfTI, NRRD, MetaImage, DICOM SEG and RTSTRUCT; TotalSegmentator’s folders of one file per structure), for \`quantify … lobes from\`. A table with the columns \`patient\` and \`path\` is a manifest: it names the patients, and its paths start at its own folder; rows with the same patient are his or her series, told apart by \`visit\` and \`days\` where it has such columns. An address loads from a DICOMweb server: its root with search terms, a study or a series. A login comes from the setting \`lungnb.dicomWebServers\` or the environment, never from the notebook. Relative paths start at the notebook’s folder.`,
  examples: [
    'load "cohort/" as cohort',
    'load "scans/" series "series-3", "P07/series-2" as chosen',
    'load "ct.nii.gz" offset -1024 as cohort',
    'load "manifest.csv" as cohort',
    'load "retest/" visits studies as cohort',
    'load "https://pacs.example.org/dicom-web/studies/1.2.3" as cohort',
    'load "masks/" as edited',
    'load "lobes.nii.gz" labels 1 RUL, 2 RML, 3 RLL, 4 LUL, 5 LLL as edited',
    'load "reader1.csv" as reader',
    'load "scores.xlsx" sheet "Reader 2" skip 3 columns patient "ID", class "Klasse" as reader2',
  ],
  subject: {
    type: placed(text('file')),
    noun: 'a path in double quotes',
    documentation: 'The path of the CTs or the table.',
  },
  clauses: {
    series: withDefault(
      placed(either(oneOf('best', 'all'), list(text('series')))),
      unwritten('best'),
      'Which series of each patient is measured: the `best` one for the lungs (`describe` says which and why), `all` of them, or series by name: `"series-3"` for every patient who has it, `"P07/series-2"` for one.',
    ),
    visits: withDefault(
      oneOf(...VISITS_WISHES),
      'days',
      'What is a visit: folders that are called by visits (`P01/visit1`, `P01/2019-03-02`, `P01_baseline`, `baseline/P01`) or a manifest’s column `visit`, else the `days` of the studies; every one of the `studies`, of one day too, by date and time, as for repeat scans; or `none`, so that one CT of each patient is measured.',
    ),
    offset: withDefault(
      placed(number({ units: ['HU'], minimum: -MOST_OFFSET_HU, maximum: MOST_OFFSET_HU })),
      unwritten(0),
      'Added to every value of the CTs, but to no padding: `-1024` or `-1000` for Hounsfield units that a program made positive, which is told of them by their air.',
    ),
    labels: optional(
      placed(LABELS),
      'What the labels of masks stand for, where their files do not say so or other names are wanted: a label’s value or its name in double quotes, then `RUL`, `ggo`, `vessels` or a word of your own. Labels that are not named are not used; two may stand for the same. `lungmask` is the order of lungmask’s maps; `own` takes the files’ own names where a folder holds CTs, too.',
    ),
    sheet: optional(text('value'), 'The sheet of a workbook, by its name; else its first one.'),
    skip: optional(
      number({ integer: true, minimum: 0 }),
      'How many lines at the top of a table are passed over. A title above the names of the columns is also told without.',
    ),
    columns: optional(
      list(sequence(choice<string>({ noun: 'word', options: MAPPED, own: (word) => word }), text('value'))),
      'What columns are called that are named otherwise in the file: `columns patient "ID", class "Klasse"`.',
    ),
  },
  forms: {
    cohort: { of: 'of CTs', clauses: ['series', 'visits', 'offset'] },
    manifest: { of: 'of a manifest', clauses: ['series', 'visits', 'offset', 'sheet', 'skip', 'columns'] },
    masks: {
      of: 'of masks',
      clauses: ['labels'],
    },
    table: {
      of: 'of a table',
      clauses: ['sheet', 'skip', 'columns'],
      instead: {
        series: 'It chooses among the CTs of a cohort; leave it out.',
        visits: 'It is of CTs; a table has its visits in a column `visit`.',
        offset: 'It is added to the values of CTs; leave it out.',
      },
    },
  },
  gives: ['cohort', 'table', 'masks'],
  alwaysShown: false,
  async run({ subject, series, visits, offset, labels, sheet, skip, columns }, context, takesForm) {
    const { value: written } = subject;
    const path = isWebAddress(written) ? written : context.resolvePath(written);
    if (!isWebAddress(path)) context.inputs.add(path);
    const servers = context.options.dicomWebServers ?? [];
    const opened = await pointingAt(subject, async () =>
      openPath(
        path,
        {
          resolvePath: (relative) => (isAbsolute(relative) ? relative : join(dirname(path), relative)),
          servers,
          named: lastPartOf(written),
          labels: labels && (await pointingAt(labels, () => labelsAsked(labels.value))),
          headers: context.measurements,
          asTable: { sheet, skip, columns: columns?.map(([name, own]) => ({ name, own })) },
        },
        context.task,
      ),
    );
    if (opened.kind === 'masks') {
      takesForm('masks');
      return masksResult(opened.masks, lastPartOf(written));
    }
    takesForm(opened.kind === 'table' ? 'table' : opened.file === undefined ? 'cohort' : 'manifest');
    if (opened.kind === 'table') return loadedTable({ ...opened, name: basename(opened.file) });
    const read = await withOffset(withVisits(opened.cohort, visits), offset.value, context.task);
    const cohort = await pointingAt(series, () => withSeries(read, series.value));
    return {
      value: { kind: 'cohort', cohort },
      view: () => cohortView(cohort, `Cohort ${isWebAddress(path) ? new URL(path).host : lastPartOf(written)}`),
      remarks: unusedRemarks(cohort),
      hints: offsetHints(cohort, { subject, offset }),
      flags: cohortFlags(cohort),
    };
  },
});

/** Throws a UserError where a label is named twice. */
function labelsAsked(asked: 'own' | 'lungmask' | readonly (readonly [number | string, string])[]): LabelsAsked {
  if (asked === 'own') return { by: 'file' };
  if (asked === 'lungmask') return { by: 'lungmask' };
  const twice = asked.find(([label], n) => asked.findIndex(([other]) => other === label) !== n);
  if (twice) throw new UserError('mask-labels', `\`labels\` names the label ${twice[0]} twice. Keep one of them.`);
  return { by: 'user', labels: asked };
}

function masksResult(masks: Masks, title: string): VerbResult {
  const provenance = masksProvenance(masks);
  return {
    value: { kind: 'masks', masks, provenance },
    view: () => masksView(masks, `Masks ${title}`, provenance),
    remarks: masks.problems,
  };
}

/** Offers the offset by which all shifted CTs of the cohort are put right. */
function offsetHints(
  { patients }: Cohort,
  { subject, offset }: Record<'subject' | 'offset', Placed<unknown>>,
): CellRemark[] {
  const offered = patients.flatMap(({ series }) =>
    series.flatMap(({ problems }) => problems.flatMap((problem) => offsetOffered(problem) ?? [])),
  );
  const [first] = offered;
  const place = offset.span ?? subject.span;
  if (first === undefined || place === undefined || offered.some((other) => other !== first)) return [];
  const { endLine, endColumn } = place;
  const behind = { startLine: endLine, startColumn: endColumn, endLine, endColumn };
  const fix = offset.span
    ? { title: `Change to \`${first}\``, span: offset.span, text: String(first) }
    : { title: `Add \`offset ${first}\``, span: behind, text: ` offset ${first}` };
  const message = `${offered.length === 1 ? 'A CT has' : `${offered.length} CTs have`} Hounsfield units to which ${-first} was added.`;
  return [{ code: 'shifted-hounsfield', message, span: place, fixes: [fix] }];
}

/** As the cell has it: what `.` and `..` stand for is not in the notebook. */
function lastPartOf(written: string): string {
  return written.split(/[\\/]/).findLast((part) => part !== '') ?? written;
}

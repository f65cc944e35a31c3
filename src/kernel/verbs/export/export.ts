/** `export`: writes a table or a figure to a file, the label maps of measurements into a folder, or an empty scoring sheet. */

import { TEXTURE_CLASSES } from '../../../protocol/names.ts';
import { choice, oneOf } from '../../language/clauses/choice.ts';
import { either } from '../../language/clauses/either.ts';
import { list } from '../../language/clauses/list.ts';
import { name } from '../../language/clauses/name.ts';
import { number } from '../../language/clauses/number.ts';
import { placed } from '../../language/clauses/placed.ts';
import { range } from '../../language/clauses/range.ts';
import { maybe, sequence } from '../../language/clauses/sequence.ts';
import { text } from '../../language/clauses/text.ts';
import { type ClauseDeclaration, optional, required, withDefault } from '../../language/declaration.ts';
import { MASK_ENDINGS, MASK_FORMATS } from '../../masks/write/formats.ts';
import { ofKind } from '../../values/named.ts';
import { CLASSES } from '../names.ts';
import { CLAUSES as READ } from '../read/clauses.ts';
import { declareVerb } from '../verb.ts';
import { exportFigure, figureFormat, WIDTH_UNITS } from './exportFigure.ts';
import { exportForm } from './exportForm.ts';
import { exportMasks } from './exportMasks.ts';
import { exportTable } from './exportTable.ts';

/** The same as in `read`. */
function ofForm<C extends ClauseDeclaration>(clause: C): C {
  const { documentation } = clause;
  return { ...clause, documentation: `Of \`form\`: ${documentation.charAt(0).toLowerCase()}${documentation.slice(1)}` };
}

export const exportVerb = declareVerb({
  name: 'export',
  summary: 'Writes a table, a figure or a scoring sheet to a file, or label maps into a folder.',
  documentation:
    'Of a table, the ending of the file’s name gives the format: `.csv`, `.tsv`, `.json`, `.parquet`, `.arrow` (also `.feather`), or `.docx` for a word processor. Numbers are written unrounded with a decimal point, whatever the computer’s language; `.docx` alone has them as they are shown, with a caption that says n, methods and software, the notes below, and “Table 4” where the file is called `table4.docx` (docs/paper.md). In csv and tsv, a text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a line break) is written with an apostrophe before it, which `load` takes away again; numbers stay numbers. A file is written whole or not at all. What the notebook loads is never written over, and a model or a notebook neither; for another file that is there and that no run of this notebook wrote, or that was changed since, you are asked, as for a place outside the notebook’s folder (on the command line `--overwrite` and `--allow-outside` say yes). `export ai density to …` writes the density measures of measurements, `export ai structures to …` those of vessels, airways and other structures of masks, `export ai levels to …` where the levels of visual scores were found, `export ag statistics to …` every statistic of an agreement, and `export ag counts to …` its contingency tables, which `agree` reads again. `export ai labels to …` writes lobes and textures of every CT, voxel by voxel on the grid of its files, into a folder for each patient; docs/masks.md says what is in the files. `export figure to …` writes the figure of the statement above it in the same cell as `.svg` or `.png`, as broad as a journal wants it, through the Chromium, Chrome or Edge that is on this computer. `export form for cohort to …` writes an empty scoring sheet for a spreadsheet program: the cases in a random order by the labels of the study, drop-down lists of the scale, and nothing but the answers unlocked; the clauses are those of `read`. Filled in, `load` takes it as a reader’s table.',
  examples: [
    'export ag to "table4.csv"',
    'export ai density to "density.csv"',
    'export ai labels to "masks/"',
    'export ai labels to "masks/" format nrrd, seg, sr',
    'export summary to "table4.docx"',
    'export figure to "figure2.png" width 85 mm dpi 600',
    'export form for cohort to "reader1.xlsx" by region scale 0..4 seed 7',
  ],
  subject: {
    type: either(
      sequence(oneOf('form', 'figure')),
      sequence(
        name('table', 'measurements', 'agreement'),
        maybe(oneOf('density', 'structures', 'levels', 'statistics', 'counts', 'labels')),
      ),
    ),
    noun: 'the name of a table',
    documentation:
      'The table to write, or the measurements whose `labels` to write; `form` is an empty scoring sheet for the cases of a cohort, and `figure` the figure above in the same cell.',
  },
  clauses: {
    to: required(
      placed(text('file')),
      'The file, of `labels` a folder; relative paths start at the notebook’s folder.',
    ),
    format: withDefault(
      list(choice({ noun: 'word', options: MASK_FORMATS, synonyms: MASK_ENDINGS })),
      ['nifti'],
      'Of `labels`, one form or several: `nifti` (`.nii.gz`), `nrrd` (`.seg.nrrd`, a segmentation of 3D Slicer), `mha` (MetaImage), `seg` (DICOM SEG, binary, which most programs read), `seg-labelmap` (DICOM SEG as a label map, Supplement 243), `sr` (a DICOM structured report of the measures, with the `seg` that it refers to).',
    ),
    width: optional(
      placed(sequence(number({ minimum: 1, maximum: 10_000 }), maybe(oneOf(...WIDTH_UNITS)))),
      'Of `figure`: how broad it is printed, in `mm` (unless said), or in `px`. One column of a journal is 80 to 90 mm.',
      '180 mm',
    ),
    dpi: optional(number({ integer: true, minimum: 72, maximum: 1200 }), 'Of `figure` as PNG: dots per inch.', '300'),
    for: optional(placed(name('cohort')), 'Of `form`: the cohort whose cases are to be scored.'),
    by: ofForm(READ.by),
    classes: withDefault(
      CLASSES,
      [...TEXTURE_CLASSES],
      'Of `form`: the classes that are scored; words of your own are taken, too.',
      'all classes',
    ),
    scale: ofForm(READ.scale),
    at: ofForm(READ.at),
    ask: ofForm(READ.ask),
    seed: withDefault(
      number({ integer: true, minimum: 0 }),
      1,
      'Of `form`: the order of the cases follows from it. Give each reader another one.',
    ),
    cases: optional(
      placed(range()),
      'Of `form`: which patients, by their places in the cohort: `1..40`; all unless said.',
    ),
  },
  forms: {
    form: {
      of: 'of a form',
      written: ['for'],
      clauses: ['to', 'for', 'by', 'classes', 'scale', 'at', 'ask', 'seed', 'cases'],
      instead: { format: 'A form is an Excel workbook (.xlsx).' },
    },
    svg: {
      of: 'of a figure as SVG',
      subject: [],
      clauses: ['to', 'width'],
      instead: { dpi: 'An SVG has no dots.', format: 'The ending of the file’s name gives the format.' },
    },
    png: {
      of: 'of a figure as PNG',
      subject: [],
      clauses: ['to', 'width', 'dpi'],
      instead: { format: 'The ending of the file’s name gives the format.' },
    },
    table: {
      of: 'of a table',
      clauses: ['to'],
      instead: { format: 'The ending of the file’s name gives the format.' },
    },
    labels: { of: 'of labels', clauses: ['to', 'format'], subject: ['measurements'] },
  },
  gives: [],
  alwaysShown: false,
  async run({ subject: [subject, part], to, format, width, dpi, ...asked }, context, takesForm) {
    if (subject === 'figure') {
      takesForm(figureFormat(to));
      return exportFigure({ to, width, dpi }, context);
    }
    if (subject === 'form') {
      takesForm('form');
      return exportForm(asked, to, context);
    }
    if (part !== 'labels') {
      takesForm('table');
      return exportTable(subject, part, to, context);
    }
    takesForm('labels');
    return exportMasks(ofKind(subject, 'measurements'), { to, formats: format }, context);
  },
});

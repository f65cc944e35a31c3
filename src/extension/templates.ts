/** What a new notebook may begin with. */

/** A path of the user's, which stands for one in the cells. */
export interface Ask {
  /** As the cells have it until it is known. */
  readonly path: string;
  readonly what: 'folder' | 'table';
  /** What it is, in the user's words. */
  readonly title: string;
}

export interface Template {
  readonly label: string;
  readonly description: string;
  readonly asks: readonly Ask[];
  /** Texts in Markdown begin with a #, everything else is code. */
  readonly cells: readonly string[];
}

const COHORT: Ask = { path: 'cohort/', what: 'folder', title: 'The folder with the CTs, a folder in it per patient' };
const READER: Ask = { path: 'reader1.csv', what: 'table', title: 'The scores of the first reader' };

export const TEMPLATES: readonly Template[] = [
  { label: 'Empty notebook', description: 'one empty cell', asks: [], cells: [] },
  {
    label: 'Quantify one CT',
    description: 'load, measure, look',
    asks: [{ path: 'my-ct/', what: 'folder', title: 'The folder of the CT' }],
    cells: [
      '# One CT\nThe first cell says where the CT is. Research only; not for diagnosis.',
      'load "my-ct/" as ct\ndescribe ct',
      'quantify ct as measured',
      'show ct overlay measured',
      'export measured to "measurements.csv"\nexport measured density to "density.csv"',
    ],
  },
  {
    label: 'Agreement study',
    description: 'measurements against two readers',
    asks: [COHORT, READER, { path: 'reader2.csv', what: 'table', title: 'The scores of the second reader' }],
    cells: [
      '# Agreement study\nA folder with one sub-folder per patient, and a table of scores per reader (`patient, region, class, score`). Research only; not for diagnosis.',
      'load "cohort/" as cohort\ndescribe cohort',
      'quantify cohort as measured\ndescribe measured',
      'exclude flagged "no-lung", "lobe-missing" from measured because "segmentation failed" as ai\nflow ai\nsummarise ai by region',
      'load "reader1.csv" as reader1\nload "reader2.csv" as reader2',
      'score ai at 1, 25, 50, 75 as scored\nagree scored with reader1 by region weights linear ci bootstrap 2000 seed 1 as agreement\nsummarise agreement',
      'plot agreement as scatter for ggo, reticulation, honeycombing',
      'plot agreement as confusion for ggo',
      '# Do the readers agree with each other?',
      'agree reader1 with reader2 by region weights linear as readers\nsummarise readers',
      'agree agreement with readers as difference',
    ],
  },
  {
    label: 'Threshold exploration',
    description: 'sliders for cut points and voxel decisions',
    asks: [COHORT, READER],
    cells: [
      '# How fragile is the conclusion?\nMove a slider: every cell below that uses it follows.',
      'param cut = 25 in 2..49 step 1',
      'param honeycomb = 0.6 in 0.1..0.9 step 0.05',
      'load "cohort/" as cohort\nload "reader1.csv" as reader1',
      'quantify cohort deciding honeycombing at honeycomb, emphysema below -950 HU, minimum 0.1 ml as ai',
      'score ai at 1, cut, 50, 75 as scored\nagree scored with reader1 weights linear as agreement',
      'plot agreement as kappa-curve for honeycombing',
      'show cohort overlay ai',
    ],
  },
  {
    label: 'Repeat scans',
    description: 'scan against rescan: limits of agreement and repeatability',
    asks: [
      { path: 'scan1/', what: 'folder', title: 'The folder with the first scans' },
      { path: 'scan2/', what: 'folder', title: 'The folder with the second scans' },
    ],
    cells: [
      '# Repeat scans\nTwo folders with the same patients, scanned twice.',
      'load "scan1/" as scan1\nload "scan2/" as scan2',
      'quantify scan1 as first\nquantify scan2 as second',
      'agree first with second by region as repeated\ndescribe repeated',
      'plot repeated as bland-altman for ggo, reticulation, emphysema',
    ],
  },
];

/** The template's cells with the user's own paths, by those that they stand for; one that is not known stays as it is. */
export function cellsWith({ cells, asks }: Template, paths: ReadonlyMap<string, string>): string[] {
  return cells.map((cell) =>
    asks.reduce((text, { path }) => text.replaceAll(`"${path}"`, quoted(paths.get(path) ?? path)), cell),
  );
}

/** A text as cells have it. */
function quoted(text: string): string {
  return `"${text.replaceAll('"', '\\"')}"`;
}

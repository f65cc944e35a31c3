/** What was done, as a paragraph for the methods section of a paper: from the provenance of the outputs alone. */
import { TEXTURE_CLASS_LABELS, TEXTURE_CLASSES } from '../names.ts';
import type { Provenance } from '../view.ts';
import { allOf } from '../words/lists.ts';
import { analysisSentences } from './analysisMethods.ts';
import { count, listOf, type Parameter, quoted, stepsOf, valuesOf } from './methodsOf.ts';
import { agreementSentences } from './methodsOfAgreement.ts';
import { relationSentences } from './methodsOfRelations.ts';

const SHOWN_DIGITS = 12;

/** `provenances` of all outputs in their order; undefined where no output has one. */
export function methodsParagraph(provenances: readonly Provenance[]): string | undefined {
  const last = provenances.at(-1);
  if (!last) return undefined;
  return [
    ...measurement(provenances),
    ...tables(provenances),
    ...selection(provenances),
    ...categories(provenances),
    ...statisticsSentences(provenances),
    software(last),
  ].join(' ');
}

/** How everything was compared. */
export function statisticsSentences(provenances: readonly Provenance[]): string[] {
  return [
    ...agreementSentences(provenances),
    ...analysisSentences(provenances),
    ...relationSentences(provenances),
    ...further(provenances),
  ];
}

/** Who and what was left out, derived and cut into categories. */
export function selectionSentences(provenances: readonly Provenance[]): string[] {
  return [...selection(provenances), ...categories(provenances)];
}

/** How much was read. */
export function inputCounts(provenances: readonly Provenance[]): { patients: number; series: number; tables: number } {
  const inputs = [...new Set(provenances.flatMap((own) => Object.keys(own.inputs)))];
  const series = inputs.filter(isSeries);
  const tables = inputs.filter(isTable);
  return {
    patients: new Set(series.map((input) => input.slice(0, input.lastIndexOf('/')))).size,
    series: series.length,
    tables: tables.length,
  };
}

/** "lung-lobes 0.4.0 (SHA-256 0123456789ab…, MIT)" of each network, each once. */
export function networksOf(provenances: readonly Provenance[]): string[] {
  return [
    ...new Set(
      provenances
        .flatMap(({ models }) => models)
        .map(
          ({ id, version, sha256, licence }) =>
            `${id} ${version} (SHA-256 ${sha256.slice(0, SHOWN_DIGITS)}…, ${licence})`,
        ),
    ),
  ];
}

/** Digests of CTs are kept by `patient/series`, those of tables by the file's name, and those of masks by the CT or the mask. */
function isTable(input: string): boolean {
  return !input.includes('/');
}

function isSeries(input: string): boolean {
  const place = input.slice(input.lastIndexOf('/') + 1);
  return !isTable(input) && !/^mask \d+$|, masks of /.test(place);
}

function measurement(provenances: readonly Provenance[]): string[] {
  const measured = provenances.filter(
    ({ models, parameters }) => models.length || 'lobesFrom' in parameters || 'texturesFrom' in parameters,
  );
  const series = new Set(measured.flatMap(({ inputs }) => Object.keys(inputs).filter(isSeries)));
  if (series.size === 0) return [];
  const patients = new Set([...series].map((input) => input.slice(0, input.lastIndexOf('/'))));
  const deciding = valuesOf(measured, 'deciding');
  return [
    `Chest CTs of ${count(patients.size, 'patient')} (${count(series.size, 'series', 'series')}) were measured automatically.`,
    ...lobesAndTextures(measured),
    ...stepsOf(measured, 'without').map((structure) => `${quoted(structure)} of given masks was taken from the lungs.`),
    ...deciding.map(
      (items) => `Voxels were decided by thresholds instead of the highest probability: ${allOf(listOf(items))}.`,
    ),
    ...places(measured),
    'The extent of a texture is its share of the volume of the region, in percent.',
  ];
}

/** Where in the lungs, beside the lobes. */
function places(measured: readonly Provenance[]): string[] {
  const profiles = valuesOf(measured, 'profileBy').map((by) =>
    by === 'distance' ? 'the distance to the surface of the lung, fissures not counted' : 'the height of each lung',
  );
  return [
    ...valuesOf(measured, 'zones').map(
      (peripheral) =>
        `Textures were also measured in twelve zones: the right and the left lung, each in thirds of its own height, central and ${peripheral} (fissures not counted).`,
    ),
    ...(valuesOf(measured, 'levels').length
      ? [
          'Textures were also measured in the axial slices at the five levels of Goh et al. (2008): origin of the great vessels, carina, confluence of the pulmonary veins, halfway between that and the diaphragm, and directly above the diaphragm, found automatically by anatomical landmarks.',
        ]
      : []),
    ...(profiles.length ? [`Profiles of the textures were taken along ${allOf(profiles)}.`] : []),
  ];
}

/** Each by a network, or from masks that were given in its place. */
function lobesAndTextures(measured: readonly Provenance[]): string[] {
  const [lobeMasks, textureMasks] = [valuesOf(measured, 'lobesFrom'), valuesOf(measured, 'texturesFrom')];
  const finders = new Set(stepsOf(measured, 'partFoundBy'));
  const isFinder = (network: string) => [...finders].some((id) => network.startsWith(`${id} `));
  const networks = networksOf(measured).filter((network) => !isFinder(network));
  const finding = networksOf(measured).filter(isFinder);
  // The lobes' network comes first, where there is one: of one network beside given lobes, it is the other.
  const lobeNetworks = networks.length > 1 || lobeMasks.length === 0 ? networks.slice(0, 1) : [];
  const textureNetworks = networks.slice(lobeNetworks.length);
  const from = (names: readonly Parameter[]) => names.map((name) => `from given masks (${quoted(String(name))})`);
  const classes = TEXTURE_CLASSES.map((name) => TEXTURE_CLASS_LABELS[name].toLowerCase());
  const lobes = lobeNetworks.map((network) => `segmented by the network ${network}`);
  const textures = textureNetworks.length ? [`by ${allOf(textureNetworks)}`] : [];
  return [
    ...finding.map(
      (network) => `The part of each CT that the networks were given was found by the network ${network}.`,
    ),
    `The lungs and their five lobes were ${allOf([...lobes, ...from(lobeMasks).map((words) => `taken ${words}`)])}, and each lung voxel was given one of six textures (${allOf(classes)}) ${allOf([...textures, ...from(textureMasks)])}.`,
  ];
}

function tables(provenances: readonly Provenance[]): string[] {
  const read = new Set(provenances.flatMap(({ inputs }) => Object.keys(inputs).filter(isTable)));
  const beside = provenances.some(({ models }) => models.length) ? 'Further values' : 'Values';
  return read.size ? [`${beside} were read from ${count(read.size, 'table')}.`] : [];
}

/** Who and what was left out, and what was computed from other columns. */
function selection(provenances: readonly Provenance[]): string[] {
  const leftOut = stepsOf(provenances, 'leftOut');
  const derived = stepsOf(provenances, 'derived');
  // An expression that names patients belongs in no paper.
  const where = stepsOf(provenances, 'where').filter((expression) => !/\bpatient\b/i.test(expression));
  return [
    ...(leftOut.length ? [`Patients were left out as follows: ${leftOut.map(withoutNames).join('; ')}.`] : []),
    ...(where.length ? [`Rows were selected by ${allOf(where.map(quoted))}.`] : []),
    ...(derived.length ? [`Derived from the other extents: ${allOf(derived)}.`] : []),
  ];
}

/** A reason that `filter` made of an expression on patients would name them. */
function withoutNames(step: string): string {
  return step.replace(/: not: .*\bpatient\b.*$/is, ': chosen one by one');
}

function categories(provenances: readonly Provenance[]): string[] {
  return valuesOf(provenances, 'cutPoints').map(
    (cuts) =>
      `Extents were turned into scores at the cut points ${allOf(listOf(cuts))} %; a value equal to a cut point has the higher score.`,
  );
}

function further(provenances: readonly Provenance[]): string[] {
  const limits = valuesOf(provenances, 'limitsOfAgreement');
  const described = (of: 'differences' | 'ratios' | 'by regression') =>
    limits.includes(of === 'differences' ? true : of);
  const exact = 'with exact confidence intervals (Carkeet)';
  return [
    ...(described('differences')
      ? [
          `Differences were described by their mean (bias) and the 95 % limits of agreement of Bland and Altman, ${exact}.`,
        ]
      : []),
    ...(described('ratios')
      ? [
          `Ratios were described by their geometric mean and the 95 % limits of agreement of Bland and Altman on the logarithms, ${exact}.`,
        ]
      : []),
    ...(described('by regression')
      ? [
          'Limits of agreement that follow the mean were computed from the regressions of the difference, and of the size of its residuals, on the mean (Bland and Altman 1999).',
        ]
      : []),
    ...(valuesOf(provenances, 'statistics').length
      ? [
          'Further coefficients of agreement were computed for completeness, with p adjusted within each by Holm’s method and by that of Benjamini and Hochberg.',
        ]
      : []),
  ];
}

function software({ software: name }: Provenance): string {
  return `All of this was computed with ${name}, which is for research only and not a medical device.`;
}

/** What was done, as a paragraph for the methods section of a paper: from the provenance of the outputs alone. */
import { TEXTURE_CLASS_LABELS, TEXTURE_CLASSES } from '../../protocol/names.ts';
import type { Provenance } from '../../protocol/view.ts';
import { allOf } from '../../protocol/words/lists.ts';
import { analysisSentences } from './analysisMethods.ts';

type Parameter = Provenance['parameters'][string];

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
    ...agreement(provenances),
    ...readers(provenances),
    ...analysisSentences(provenances),
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
  return {
    patients: new Set(series.map((input) => input.slice(0, input.lastIndexOf('/')))).size,
    series: series.length,
    tables: inputs.length - series.length,
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

/** Digests of CTs are kept by `patient/series`, those of tables by the file's name. */
function isSeries(input: string): boolean {
  return input.includes('/');
}

function measurement(provenances: readonly Provenance[]): string[] {
  const measured = provenances.filter(({ models }) => models.length);
  const series = new Set(measured.flatMap(({ inputs }) => Object.keys(inputs).filter(isSeries)));
  if (series.size === 0) return [];
  const patients = new Set([...series].map((input) => input.slice(0, input.lastIndexOf('/'))));
  const [lobes = '', ...textures] = networksOf(measured);
  const classes = TEXTURE_CLASSES.map((name) => TEXTURE_CLASS_LABELS[name].toLowerCase());
  const deciding = valuesOf(measured, 'deciding');
  return [
    `Chest CTs of ${count(patients.size, 'patient')} (${count(series.size, 'series', 'series')}) were measured automatically.`,
    `The lungs and their five lobes were segmented by the network ${lobes}, and each lung voxel was given one of six textures (${allOf(classes)}) by ${allOf(textures)}.`,
    ...deciding.map(
      (items) => `Voxels were decided by thresholds instead of the highest probability: ${allOf(listOf(items))}.`,
    ),
    'The extent of a texture is its share of the volume of the region, in percent.',
  ];
}

function tables(provenances: readonly Provenance[]): string[] {
  const read = new Set(provenances.flatMap(({ inputs }) => Object.keys(inputs).filter((input) => !isSeries(input))));
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

/** Comparisons of two readings say how their intervals were made. */
function agreement(provenances: readonly Provenance[]): string[] {
  const compared = provenances.filter(({ parameters: { ci } }) => ci !== undefined && ci !== 'of several readers');
  if (compared.length === 0) return [];
  const weights = valuesOf(compared, 'weights').map((kind) =>
    kind === 'none'
      ? 'without weights'
      : kind === 'linear' || kind === 'quadratic'
        ? `with ${kind} weights`
        : 'with weights of our own',
  );
  const own = compared.filter(({ parameters }) => parameters.difference === undefined);
  const intervals = valuesOf(own, 'ci').map((ci) => intervalOf(String(ci), own));
  const differences = compared.filter(({ parameters }) => parameters.difference !== undefined);
  return [
    'Extents and scores were correlated by Spearman’s ρ (two-sided p, exact for up to 9 patients and by the t approximation beyond; 95 % confidence interval by Fisher’s z with the variance of Bonett and Wright).',
    `Agreement of the scores was measured as percent agreement and as Cohen’s κ ${allOf(weights)} on the full scale of scores${intervals.length ? `, with 95 % confidence intervals ${allOf(intervals)}` : ''}.`,
    ...(valuesOf(compared, 'pooling').length
      ? ['The five lobes were pooled, with intervals and p by bootstrap over patients.']
      : []),
    'Patients whom one side lacked were left out of the comparison in question.',
    ...differences
      .filter(({ parameters }) => parameters.difference !== 'independent groups')
      .slice(0, 1)
      .map(
        ({ parameters: { repetitions, seed } }) =>
          `Two agreements were compared by a paired bootstrap over patients (${repetitions} resamples, seed ${seed}), with p of κ adjusted by Holm’s method.`,
      ),
  ];
}

function intervalOf(ci: string, compared: readonly Provenance[]): string {
  const same = compared.filter(({ parameters }) => parameters.ci === ci);
  const repetitions = allOf(valuesOf(same, 'repetitions').map(String));
  const seed = allOf(valuesOf(same, 'seed').map(String));
  if (ci === 'asymptotic') return 'from the standard errors of Fleiss, Cohen and Everitt';
  if (ci === 'jackknife') return 'by the jackknife over patients';
  const kind = ci.startsWith('bca') ? 'bias-corrected and accelerated' : 'percentile';
  return `by the ${kind} bootstrap over patients (${repetitions} resamples, seed ${seed})`;
}

function readers(provenances: readonly Provenance[]): string[] {
  return valuesOf(provenances, 'readings').map(
    (readings) =>
      `Of ${readings} readings together, Fleiss’ κ (interval after Gwet), Krippendorff’s α (nominal, ordinal and interval), Gwet’s coefficient, the percent agreement and the intraclass correlation ICC(2,1) were taken, with κ of every pair.`,
  );
}

function further(provenances: readonly Provenance[]): string[] {
  return [
    ...(valuesOf(provenances, 'limitsOfAgreement').includes('by regression')
      ? [
          'Limits of agreement that follow the mean were computed from the regressions of the difference, and of the size of its residuals, on the mean (Bland and Altman 1999).',
        ]
      : []),
    ...(valuesOf(provenances, 'limitsOfAgreement').includes(true)
      ? [
          'Differences were described by their mean (bias) and the 95 % limits of agreement of Bland and Altman, with exact confidence intervals (Carkeet).',
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

/** The different values of a parameter, in the order in which they were first used. */
function valuesOf(provenances: readonly Provenance[], parameter: string): Parameter[] {
  const values = new Map<string, Parameter>();
  for (const { parameters } of provenances) {
    const value = parameters[parameter];
    if (value !== undefined && !values.has(String(value))) values.set(String(value), value);
  }
  return [...values.values()];
}

/** The different steps that a parameter lists, in the order in which they were first taken. */
function stepsOf(provenances: readonly Provenance[], parameter: string): string[] {
  return [...new Set(valuesOf(provenances, parameter).flatMap(listOf))];
}

function listOf(value: Parameter): string[] {
  return typeof value === 'object' ? value.map(String) : [String(value)];
}

function quoted(text: string): string {
  return `“${text}”`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** What was done, as a paragraph for the methods section of a paper: from the provenance of the outputs alone. */
import { TEXTURE_CLASS_LABELS, TEXTURE_CLASSES } from '../../protocol/names.ts';
import type { Provenance } from '../../protocol/view.ts';

type Parameter = Provenance['parameters'][string];

const SHOWN_DIGITS = 12;

/** `provenances` of all outputs in their order; undefined where no output has one. */
export function methodsParagraph(provenances: readonly Provenance[]): string | undefined {
  const last = provenances.at(-1);
  if (!last) return undefined;
  return [...measurement(provenances), ...categories(provenances), ...agreement(provenances), software(last)].join(' ');
}

function measurement(provenances: readonly Provenance[]): string[] {
  const measured = provenances.filter(({ models }) => models.length);
  const series = new Set(measured.flatMap(({ inputs }) => Object.keys(inputs).filter((input) => input.includes('/'))));
  if (series.size === 0) return [];
  const patients = new Set([...series].map((input) => input.slice(0, input.lastIndexOf('/'))));
  const models = measured.flatMap((p) => p.models);
  const [lobes = '', ...textures] = [
    ...new Set(
      models.map(
        ({ id, version, sha256, licence }) =>
          `${id} ${version} (SHA-256 ${sha256.slice(0, SHOWN_DIGITS)}…, ${licence})`,
      ),
    ),
  ];
  const classes = TEXTURE_CLASSES.map((name) => TEXTURE_CLASS_LABELS[name].toLowerCase());
  const deciding = valuesOf(measured, 'deciding');
  return [
    `Chest CTs of ${count(patients.size, 'patient')} (${count(series.size, 'series', 'series')}) were measured automatically.`,
    `The lungs and their five lobes were segmented by the network ${lobes}, and each lung voxel was given one of six textures (${inWords(classes)}) by ${inWords(textures)}.`,
    ...deciding.map(
      (items) => `Voxels were decided by thresholds instead of the highest probability: ${inWords(listOf(items))}.`,
    ),
    'The extent of a texture is its share of the volume of the region, in percent.',
  ];
}

function categories(provenances: readonly Provenance[]): string[] {
  return valuesOf(provenances, 'cutPoints').map(
    (cuts) =>
      `Extents were turned into scores at the cut points ${inWords(listOf(cuts))} %; a value equal to a cut point has the higher score.`,
  );
}

function agreement(provenances: readonly Provenance[]): string[] {
  const compared = provenances.filter(({ parameters }) => parameters.weights !== undefined);
  if (compared.length === 0) return [];
  const weights = valuesOf(compared, 'weights').map((kind) =>
    kind === 'none'
      ? 'unweighted κ'
      : kind === 'linear' || kind === 'quadratic'
        ? `κ with ${kind} weights`
        : 'κ with weights of our own',
  );
  const intervals = valuesOf(compared, 'ci').map((ci) => intervalOf(String(ci), compared));
  return [
    'Extents and scores were correlated by Spearman’s ρ (p exact for up to 9 patients, by the t approximation beyond; 95 % confidence interval by Fisher’s z with the variance of Bonett and Wright).',
    `Agreement of the scores was measured as percent agreement and as Cohen’s ${inWords(weights)}${intervals.length ? `, with 95 % confidence intervals ${inWords(intervals)}` : ''}.`,
    ...compared
      .filter(
        ({ parameters: { repetitions, ci } }) => repetitions !== undefined && !/^(bootstrap|bca)/.test(String(ci)),
      )
      .slice(0, 1)
      .map(
        ({ parameters: { repetitions, seed } }) =>
          `Two agreements were compared by a paired bootstrap over patients (${repetitions} resamples, seed ${seed}).`,
      ),
    'Patients whom one side lacked were left out of the comparison in question.',
  ];
}

function intervalOf(ci: string, compared: readonly Provenance[]): string {
  const repetitions = () => inWords(valuesOf(compared, 'repetitions').map(String));
  const seed = () => inWords(valuesOf(compared, 'seed').map(String));
  if (ci === 'asymptotic') return 'from the standard errors of Fleiss, Cohen and Everitt';
  if (ci === 'jackknife') return 'by the jackknife over patients';
  const kind = ci.startsWith('bca') ? 'bias-corrected and accelerated' : 'percentile';
  return `by the ${kind} bootstrap over patients (${repetitions() || ci.replace(/\D+/g, '')} resamples${seed() ? `, seed ${seed()}` : ''})`;
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

function listOf(value: Parameter): string[] {
  return typeof value === 'object' ? value.map(String) : [String(value)];
}

function inWords(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** How readings were compared, as sentences of a methods section; every one of them comes from the provenance of outputs. */
import type { Provenance } from '../view.ts';
import { allOf } from '../words/lists.ts';
import type { ParameterName } from '../words/parameters.ts';
import { eachOnce, valuesOf } from './methodsOf.ts';

/** Comparisons of two readings, of counts, of two agreements, of several readers, and of what papers print. */
export function agreementSentences(provenances: readonly Provenance[]): string[] {
  const isOf = (...parameters: ParameterName[]) =>
    provenances.filter((own) => parameters.some((name) => own.parameters[name] !== undefined));
  const differences = isOf('difference');
  const several = isOf('readings');
  const compared = isOf('ci').filter((own) => !several.includes(own));
  return [
    ...scales([...compared, ...several]),
    ...pairs(compared.filter((own) => !differences.includes(own))),
    ...whoCounts([...compared, ...several]),
    ...differencesOf(differences),
    ...readers(several),
    ...published(isOf('published')),
  ];
}

function scales(provenances: readonly Provenance[]): string[] {
  const found = valuesOf(provenances, 'scale').map(String);
  return found.length ? [`Scores were on the scale ${allOf(found)}.`] : [];
}

function pairs(own: readonly Provenance[]): string[] {
  if (own.length === 0) return [];
  const ofPatients = own.filter(({ parameters }) => parameters.pooling === undefined);
  const tests = [
    ...(ofPatients.length ? ['two-sided p, exact for up to 9 patients and by the t approximation beyond'] : []),
    ...(ofPatients.length < own.length ? ['p of pooled lobes by the same bootstrap'] : []),
  ].join('; ');
  return [
    `Extents and scores were correlated by Spearman’s ρ (${tests}; ${levels(own)} confidence interval ${allOf(eachOnce(own, rhoInterval))}).`,
    `Agreement of the scores was measured as percent agreement and as Cohen’s κ ${allOf(eachOnce(own, weightsOf))} on the full scale of scores, with ${levels(own)} confidence intervals ${allOf(eachOnce(own, kappaInterval))}.`,
    ...(ofPatients.length < own.length
      ? ['The five lobes were pooled, with intervals and p by bootstrap over patients.']
      : []),
    ...(own.some(({ parameters }) => parameters.counts !== undefined)
      ? ['Some of the agreements were computed from contingency tables, without patients of their own.']
      : []),
  ];
}

/** The confidence of intervals, 95 % where nothing else was asked for. */
function levels(own: readonly Provenance[]): string {
  return allOf(eachOnce(own, ({ parameters: { level = 95 } }) => `${level} %`));
}

function rhoInterval({ parameters }: Provenance): string {
  return isResampled(parameters) ? resampled(parameters) : 'by Fisher’s z with the variance of Bonett and Wright';
}

function kappaInterval({ parameters }: Provenance): string {
  if (isResampled(parameters)) return resampled(parameters);
  return parameters.ci === 'jackknife'
    ? 'by the jackknife over patients'
    : 'from the standard errors of Fleiss, Cohen and Everitt';
}

function isResampled({ ci }: Provenance['parameters']): boolean {
  return ci === 'bootstrap' || ci === 'bca';
}

function resampled({ ci, repetitions, seed }: Provenance['parameters']): string {
  const kind = ci === 'bca' ? 'bias-corrected and accelerated' : 'percentile';
  return `by the ${kind} bootstrap over patients (${repetitions} resamples, seed ${seed})`;
}

function weightsOf({ parameters: { weights } }: Provenance): string {
  if (weights === 'none' || weights === undefined) return 'without weights';
  return weights === 'linear' || weights === 'quadratic' ? `with ${weights} weights` : 'with weights of our own';
}

function whoCounts(compared: readonly Provenance[]): string[] {
  const ofPatients = compared.filter(({ parameters }) => parameters.counts === undefined);
  return [
    ...(valuesOf(ofPatients, 'matching').length ? ['Patients were matched by the numbers in their labels.'] : []),
    ...(ofPatients.some(({ parameters }) => parameters.readings === undefined)
      ? ['Patients whom one side lacked were left out of the comparison in question.']
      : []),
  ];
}

function differencesOf(differences: readonly Provenance[]): string[] {
  return eachOnce(
    // Those of different patients have a sentence of their own.
    differences.filter(({ parameters }) => parameters.difference !== 'independent groups'),
    ({ parameters: { difference, repetitions, seed } }) =>
      `Two agreements were compared by a paired bootstrap over patients (${repetitions} resamples, seed ${seed}), with ${difference === 'bca' ? 'bias-corrected and accelerated' : 'percentile'} intervals and p adjusted by Holm’s method and by that of Benjamini and Hochberg.`,
  );
}

function readers(several: readonly Provenance[]): string[] {
  return [
    ...eachOnce(
      several,
      (own) =>
        `Of ${own.parameters.readings} readings together, Fleiss’ κ (without weights, interval after Gwet), Krippendorff’s α (nominal, ordinal and interval), Gwet’s ${own.parameters.weights === 'none' ? 'AC1' : 'AC2'} and the percent agreement, and the intraclass correlation ICC(2,1) (two-way random, absolute agreement, one reading; interval by F) were taken, with Cohen’s κ ${weightsOf(own)} of every pair${own.parameters.compared === 'percentages' ? '; α (ordinal and interval) and the intraclass correlation are those of percentages' : ''}.`,
    ),
    ...(valuesOf(several, 'incomplete').length
      ? [
          'Where fewer than half of the patients were read by all, Fleiss’ κ was that of Gwet (2014) and the intraclass correlation that of Ebel (1951) and Brückl and Heuer (irrNA), for incomplete readings.',
        ]
      : []),
    ...eachOnce(
      several.filter(({ parameters }) => parameters.statistics !== undefined),
      ({ parameters: { repetitions, seed } }) =>
        `Intervals of Krippendorff’s α are by the percentile bootstrap over patients (${repetitions} resamples, seed ${seed}).`,
    ),
  ];
}

function published(own: readonly Provenance[]): string[] {
  return own.length
    ? [
        'What published tables print was checked against their margins, with the least and the largest κ that these allow.',
      ]
    : [];
}

/** How patients were described, put side by side and related to outcomes, as sentences of a methods section. */
import type { Provenance } from '../view.ts';
import { allOf } from '../words/lists.ts';
import { eachOnce, listOf, stepsOf, valuesOf } from './methodsOf.ts';

/** Joined tables, characteristics, groups, relations and indices. */
export function relationSentences(provenances: readonly Provenance[]): string[] {
  return [
    ...joined(provenances),
    ...baseline(provenances.filter(({ parameters }) => parameters.baseline !== undefined)),
    ...groups(provenances),
    ...relations(provenances.filter(({ parameters }) => parameters.relatedColumn !== undefined)),
    ...indices(provenances.filter(({ parameters }) => parameters.indices !== undefined)),
  ];
}

function joined(provenances: readonly Provenance[]): string[] {
  return stepsOf(provenances, 'joined').length
    ? ['Tables were joined by patient; rows without a partner in the other table were left out.']
    : [];
}

function baseline(own: readonly Provenance[]): string[] {
  if (own.length === 0) return [];
  const numbers = allOf(
    eachOnce(own, ({ parameters: { baseline: how } }) =>
      how === 'shape'
        ? 'as mean ± standard deviation, or as median with quartiles where their skewness was beyond ±1'
        : how === 'mean'
          ? 'as mean ± standard deviation'
          : 'as median with quartiles',
    ),
  );
  const asked = stepsOf(own, 'baselineWith');
  return [
    `Numbers are given ${numbers}, categories as counts with percentages of the known ones.`,
    ...(asked.includes('tests')
      ? [
          'Groups were compared by Welch’s test of means, by the Mann–Whitney or Kruskal–Wallis test of lopsided numbers, and of categories by χ² or, where expected counts were below 5, by Fisher’s exact test, with p adjusted by Holm’s method.',
        ]
      : []),
    ...(asked.includes('differences')
      ? ['The balance of groups is told by standardised differences (Austin; Yang and Dalton).']
      : []),
  ];
}

function groups(provenances: readonly Provenance[]): string[] {
  const by = valuesOf(
    provenances.filter(({ parameters }) => parameters.groupTest === 'ranks'),
    'groupedBy',
  );
  return by.length
    ? [
        `Extents were compared between groups by ${allOf(by.map(String))} with the Mann–Whitney test (two groups) or the Kruskal–Wallis test (more).`,
      ]
    : [];
}

const MODELS: Readonly<Record<string, string>> = {
  number: 'numbers by Spearman’s ρ and by linear regression with standard errors that need no equal variances (HC3)',
  'yes-no':
    'outcomes of two kinds by the Mann–Whitney test with the rank-biserial correlation and by logistic regression',
  groups: 'groups by the Kruskal–Wallis test with ε²',
  survival: 'times to an event by the log-rank test of thirds and by Cox’s regression (ties after Efron)',
};

function relations(own: readonly Provenance[]): string[] {
  if (own.length === 0) return [];
  const kinds = stepsOf(own, 'relatedAs');
  const adjusting = stepsOf(own, 'adjusting');
  const levels = allOf(eachOnce(own, ({ parameters: { level } }) => `${level} %`));
  const by = valuesOf(own, 'relatedBy');
  const curves = own.some(({ parameters }) => parameters.survivalGroups !== undefined);
  return [
    `${sentence(valuesOf(own, 'relatedColumn').map(String))} related to ${allOf(stepsOf(own, 'relatedWith'))}: ${allOf(kinds.map((kind) => MODELS[kind] ?? kind))}${adjusting.length ? `, the regressions adjusted for ${allOf(adjusting)}` : ''}; with ${levels} confidence intervals, and p adjusted by Holm’s method and by that of Benjamini and Hochberg.`,
    ...(by.length
      ? [`Effects were compared between groups by ${allOf(by.map(String))} with a χ² test of homogeneity.`]
      : []),
    ...(curves ? ['Survival is drawn by the method of Kaplan and Meier.'] : []),
  ];
}

/** "Percent was", "Percent and volume_ml were". */
function sentence(columns: readonly string[]): string {
  return `The ${allOf(columns)} ${columns.length === 1 ? 'was' : 'were'}`;
}

function indices(own: readonly Provenance[]): string[] {
  if (own.length === 0) return [];
  const fvc = valuesOf(own, 'gohTieBreaker').length > 0;
  const corrected = valuesOf(own, 'volumeCorrected');
  return [
    `The extent of fibrosis is that of reticulation and honeycombing; that of interstitial lung disease includes ground-glass opacity and consolidation. Disease was staged as limited or extensive after Goh et al.${fvc ? ', with FVC as the tie-breaker' : ''}.`,
    ...(corrected.length
      ? [
          `Densities were corrected for the level of inspiration to the volume in ${allOf(corrected.flatMap(listOf))} by the sponge model (Stoel et al.).`,
        ]
      : []),
  ];
}

/** One reading against each of several others, and the mean of its κ with all of them. */
import { from } from 'arquero';
import { type AgreementPairs, agreementRow, pairedCategories } from '../../agreement/agreementTable.ts';
import { kappaStatistic } from '../../agreement/categories/kappaValue.ts';
import type { Weights } from '../../agreement/categories/weights.ts';
import { valueIn } from '../../agreement/estimate.ts';
import { type BootstrapPlan, bootstrapInterval } from '../../agreement/resampling/bootstrap.ts';
import { observedSample, type Statistic } from '../../agreement/resampling/resample.ts';
import { UserError } from '../../base/userError.ts';
import { scaleOfCuts } from '../../tables/scale.ts';
import { remarksOf, sentencesOf } from '../../values/remarks.ts';
import { tableView } from '../../views/tableView.ts';
import type { VerbResult } from '../verb.ts';
import { provenanceOf, type Side } from './agreeSides.ts';
import { bootstrapOf, comparedBy, confidenceOf, regionsOf, weightsOf } from './asked.ts';
import type { AgreeArguments } from './clauses.ts';
import { matchPatients } from './matchPatients.ts';
import { pairing } from './pairing.ts';
import { classesCompared, readingsOf } from './readings.ts';
import { declaredScale, scaleAsked } from './scaleAsked.ts';
import { agreementNotes, scaleRemarks } from './scaleNotes.ts';

/** What the row of the mean has in the place of a reader. */
const MEAN = 'mean of all';

export function agreeEach(
  one: Side,
  others: readonly Side[],
  cutPoints: readonly number[],
  asked: AgreeArguments,
): VerbResult {
  if (asked.pooling)
    throw new UserError('idle-clause', '`pooling lobes` does nothing with `against each`. Leave it out.');
  const [ci, weights, bootstrap] = [confidenceOf(asked), weightsOf(asked), bootstrapOf(asked)];
  const [own, ...readings] = readingsOf([one, ...others], declaredScale(asked) ?? scaleOfCuts(cutPoints), asked);
  const { classes, remarks: unread } = classesCompared(asked, [own!, ...readings]);
  const hasPercentages = [own!, ...readings].some(({ scores }) => scores.rows.some((row) => row.percent !== undefined));
  const scale = scaleAsked(asked, cutPoints, hasPercentages);
  const readers = readings.map((reading) => {
    const { patients, remarks } = matchPatients(own!, reading);
    return {
      name: reading.name,
      remarks,
      pairIn: pairing([own!.scores, reading.scores], patients, cutPoints, scale),
    };
  });
  const places = regionsOf(asked, [own!, ...readings]).flatMap((region) =>
    classes.map((name) => ({ region, class: name })),
  );
  const compared = places.flatMap((place) => {
    const groups = readers.map(({ pairIn }) => pairIn(place.region, place.class));
    const results = groups.map((group) => agreementRow(group, weights, ci));
    const notes = remarksOf(
      results,
      groups,
      readers.map(({ name }) => name),
    );
    const rows = results.map(({ row: { region, class: name, ...rest } }, n) => ({
      region,
      class: name,
      reader: readers[n]!.name,
      ...rest,
    }));
    return [
      {
        rows: [
          ...rows,
          {
            ...place,
            reader: MEAN,
            ...meanOf(groups, weights.weights, { ...bootstrap, confidence: asked.level / 100 }),
          },
        ],
        notes,
        results,
        groups,
      },
    ];
  });
  if (compared.every(({ results }) => results.every(({ row }) => row.n === 0)))
    throw new UserError(
      'no-pairs',
      `\`${one.name}\` shares no score of ${classes.join(', ')} with any of ${others.map(({ name }) => name).join(', ')}.`,
    );
  const allGroups = compared.flatMap(({ groups }) => groups);
  const table = from(compared.flatMap(({ rows }) => rows));
  const provenance = others.reduce(
    (joined, side) =>
      provenanceOf({ value: { provenance: joined } }, side, {
        ...(hasPercentages ? { cutPoints } : {}),
        ...comparedBy(scale, weights, ci, asked),
        ...bootstrap,
        against: 'each',
        againstReaders: others.length,
      }),
    one.value.provenance,
  );
  return {
    value: { kind: 'table', table, cutPoints: undefined, provenance },
    remarks: [
      ...unread,
      ...own!.scores.remarks,
      ...readers.flatMap(({ remarks }) => remarks),
      ...scaleRemarks(scale, allGroups, !hasPercentages),
    ],
    view: () =>
      tableView(table, {
        title: `Agreement of ${one.name} with each of ${others.map(({ name }) => name).join(', ')}`,
        notes: [
          `The mean is that of κ with every reader, on the patients whom all have read, with a ${Number(asked.level.toPrecision(6))} % interval by ${bootstrap.repetitions} bootstrap samples of these patients, seed ${bootstrap.seed}.`,
          ...sentencesOf(compared.flatMap(({ notes }) => notes)),
          ...agreementNotes(allGroups, scale, hasPercentages ? cutPoints : [], ci),
        ],
        researchOnly: true,
        provenance,
      }),
  };
}

function meanOf(groups: readonly AgreementPairs[], weights: Weights, plan: BootstrapPlan) {
  const shared = onSharedPatients(groups);
  const kappas = shared.map((group) => kappaStatistic(...pairedCategories(group), group.categories, weights));
  const mean: Statistic = (sample) => {
    let sum = 0;
    for (const kappa of kappas) {
      const value = kappa(sample);
      if (value === undefined) return undefined;
      sum += value;
    }
    return sum / kappas.length;
  };
  const n = shared[0]!.pairs.length;
  const value = n === 0 ? undefined : mean(observedSample(n));
  const interval = value === undefined ? undefined : bootstrapInterval(n, mean, plan);
  return {
    n,
    missing: Math.max(...groups.map((group) => group.pairs.length + group.missing)) - n,
    kappa: value,
    kappa_se: interval && valueIn(interval.se),
    kappa_ci_low: interval && valueIn(interval.ciLow),
    kappa_ci_high: interval && valueIn(interval.ciHigh),
  };
}

/** The same patients in each, in the order of the first. */
function onSharedPatients(groups: readonly AgreementPairs[]): AgreementPairs[] {
  const byPatient = groups.map(({ pairs }) => new Map(pairs.map((pair) => [pair.patient, pair])));
  const shared = groups[0]!.pairs.filter(({ patient }) => byPatient.every((own) => own.has(patient)));
  return groups.map((group, n) => ({ ...group, pairs: shared.map(({ patient }) => byPatient[n]!.get(patient)!) }));
}

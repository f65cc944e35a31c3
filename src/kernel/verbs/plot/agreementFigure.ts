/** Pictures of an agreement: of one region with a panel per class, or of all regions at once. */
import type { FigureView } from '../../../protocol/view.ts';
import { allOf } from '../../../protocol/words/lists.ts';
import type { AgreementRow, ComparedRegion } from '../../agreement/agreementTable.ts';
import { UserError } from '../../base/userError.ts';
import type { Named } from '../../values/named.ts';
import type { AgreementValue, DifferenceScale } from '../../values/value.ts';
import { blandAltmanFigure } from '../../views/figures/blandAltman.ts';
import { confusion } from '../../views/figures/confusion.ts';
import { forest } from '../../views/figures/forest.ts';
import { heatmap } from '../../views/figures/heatmap.ts';
import { kappaCurveFigure } from '../../views/figures/kappaCurve.ts';
import { linkedPatients } from '../../views/figures/linkedPatients.ts';
import { emptyNotes, type Panel } from '../../views/figures/panels.ts';
import { scatter } from '../../views/figures/scatter.ts';
import type { VerbContext } from '../verb.ts';
import { keepPatients } from './keepPatients.ts';

export const AGREEMENT_KINDS = ['scatter', 'confusion', 'bland-altman', 'kappa-curve', 'forest', 'heatmap'] as const;
type AgreementKind = (typeof AGREEMENT_KINDS)[number];

/** What of the agreement is drawn, and how. */
export interface Drawing {
  /** All of the agreement's own where undefined. */
  readonly classes: readonly string[] | undefined;
  /** The first that was compared where undefined. */
  readonly region: ComparedRegion | undefined;
  /** Counted from 1. */
  readonly cut: number;
  readonly scale: DifferenceScale;
}

type Agreement = Named<'agreement'>;

const FIGURES: Readonly<Record<AgreementKind, (of: Agreement, drawing: Drawing, context: VerbContext) => FigureView>> =
  {
    scatter: ofPatients(scatter),
    confusion: ofPatients(confusion),
    'bland-altman': ofPatients(ofSameUnit),
    'kappa-curve': curve,
    forest: ofAllRegions(forest),
    heatmap: ofAllRegions(heatmap),
  };

export function figureOfAgreement(
  kind: string,
  agreement: Agreement,
  drawing: Drawing,
  context: VerbContext,
): FigureView {
  const known = AGREEMENT_KINDS.find((own) => own === kind);
  if (!known)
    throw new UserError(
      'wrong-kind',
      `\`${kind}\` draws percentages, and \`${agreement.name}\` is an agreement. Give it the measurements, or write ${AGREEMENT_KINDS.join(', ')}.`,
    );
  return FIGURES[known](agreement, drawing, context);
}

/** One region with a panel per class, whose patients can be clicked. */
function ofPatients(
  draw: (value: AgreementValue, panels: readonly Panel[], region: ComparedRegion, scale: DifferenceScale) => FigureView,
): (typeof FIGURES)['scatter'] {
  return (agreement, drawing, context) => {
    const { value } = agreement;
    const region = regionOf(agreement, drawing);
    const panels = panelsOf(agreement, drawing);
    const handle = keepPatients(value.measurements, context);
    return { ...draw(value, panels, region, drawing.scale), patients: linkedPatients(value, panels, handle) };
  };
}

function ofAllRegions(
  draw: (value: AgreementValue, rows: readonly AgreementRow[]) => FigureView,
): (typeof FIGURES)['forest'] {
  return ({ name, value }, { classes, region }) => {
    const all = comparisonsOf(value).map((row, n) => ({ row, group: value.pairs[n]! }));
    const there = all.filter(({ row }) => region === undefined || row.region === region);
    if (there.length === 0) missingRegion(name, region, value);
    for (const wanted of classes ?? []) if (!there.some(({ row }) => row.class === wanted)) missingClass(name, wanted);
    const drawn = there.filter(({ row }) => !classes || classes.includes(row.class));
    const figure = draw(
      value,
      drawn.map(({ row }) => row),
    );
    return { ...figure, notes: [...emptyNotes(drawn, ['κ', 'ρ'], value), ...figure.notes] };
  };
}

/** Differences mean something where both sides are in the same unit: of percent and score, both are taken as categories. */
function ofSameUnit(
  value: AgreementValue,
  panels: readonly Panel[],
  region: ComparedRegion,
  scale: DifferenceScale,
): FigureView {
  const { left, right } = value.isPercent;
  if (left === right) return blandAltmanFigure(value, panels, region, scale);
  const inCategories = panels.map(({ group, row }) => ({
    row,
    group: { ...group, pairs: group.pairs.map((p) => ({ ...p, left: p.leftCategory, right: p.rightCategory })) },
  }));
  const scored = { ...value, isPercent: { left: false, right: false } };
  const figure = blandAltmanFigure(scored, inCategories, region, scale);
  const { names } = value;
  const [percents, scores] = left ? [names.left, names.right] : [names.right, names.left];
  return {
    ...figure,
    notes: [
      `${percents} holds percentages and ${scores} scores: the categories of both are compared, at the cut points ${value.cutPoints.join(', ')}.`,
      ...figure.notes,
    ],
  };
}

function curve(agreement: Agreement, drawing: Drawing): FigureView {
  const { name, value } = agreement;
  const panels = panelsOf(agreement, drawing);
  if (!value.isPercent.left && !value.isPercent.right)
    throw new UserError(
      'wrong-kind',
      `\`${name}\` compares scores on both sides; a κ curve moves the cuts of percentages. Write \`agree ai with reader\`.`,
    );
  const { cut } = drawing;
  if (cut > value.cutPoints.length)
    throw new UserError(
      'out-of-range',
      `There are ${value.cutPoints.length} cut points (${value.cutPoints.join(', ')}); \`cut ${cut}\` is none of them.`,
    );
  return kappaCurveFigure(value, panels, regionOf(agreement, drawing), cut - 1);
}

/** The whole lungs come first where they were compared. */
function regionOf({ value }: Agreement, { region }: Drawing): ComparedRegion {
  return region ?? value.pairs[0]!.region;
}

function panelsOf(agreement: Agreement, drawing: Drawing): Panel[] {
  const { name, value } = agreement;
  const region = regionOf(agreement, drawing);
  const rows = comparisonsOf(value);
  const inRegion = value.pairs.flatMap((group, n) => (group.region === region ? [{ group, row: rows[n]! }] : []));
  if (inRegion.length === 0) missingRegion(name, region, value);
  return (
    drawing.classes?.map((c) => inRegion.find(({ group }) => group.class === c) ?? missingClass(name, c)) ?? inRegion
  );
}

function comparisonsOf({ table }: AgreementValue): AgreementRow[] {
  // SAFETY: the table of an agreement is made of such rows, and `filter` takes some of them as they are.
  return table.objects() as AgreementRow[];
}

function missingRegion(name: string, region: ComparedRegion | undefined, { pairs }: AgreementValue): never {
  const compared = [...new Set(pairs.map((group) => group.region ?? 'total'))];
  const hint = compared.length > 1 ? `It compares ${allOf(compared)}.` : 'Write `by region` in its `agree`.';
  throw new UserError('not-compared', `\`${name}\` does not compare ${region}. ${hint}`);
}

function missingClass(name: string, textureClass: string): never {
  throw new UserError(
    'not-compared',
    `\`${name}\` does not compare ${textureClass}. Add it to the \`for\` of its \`agree\`.`,
  );
}

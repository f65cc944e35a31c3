/** `index`: the indices that papers on interstitial lung disease use, a row per patient. */
import { from } from 'arquero';
import { REGIONS } from '../../../protocol/names.ts';
import { oneOf } from '../../language/clauses/choice.ts';
import { column } from '../../language/clauses/column.ts';
import { name } from '../../language/clauses/name.ts';
import { optional } from '../../language/declaration.ts';
import type { TableValue } from '../../values/value.ts';
import { INDEX_HEADINGS } from '../../views/indexHeadings.ts';
import { tableView } from '../../views/tableView.ts';
import { declareVerb } from '../verb.ts';
import { indexRowsByVisit } from './indexRows.ts';

export const indexVerb = declareVerb({
  name: 'index',
  summary: 'Computes the indices that papers use: extent of fibrosis and of ILD, Goh’s stage, density, weight.',
  documentation:
    'A row per patient and series (and region, with `by region`). Of percentages: `fibrosis_percent` (reticulation + honeycombing; traction bronchiectasis is not measured), `ild_percent` (these, ground-glass opacity and consolidation), `qlf_percent` and `qild_percent`, the counterparts of quantitative lung fibrosis and of quantitative ILD (Kim et al. 2011: reticular pattern; with honeycombing and ground-glass opacity), and for the whole lungs `goh`, limited or extensive disease by Goh et al. 2008 (below 10 % and above 30 % by extent, between them by FVC below 70 % of predicted, with `goh_by` for what decided) and `goh_20`, by 20 % alone. Of measurements also densities: `laa950_percent` (Gevenois et al. 1996), `haa_percent` (Lederer et al. 2009), `mean_hu`, `perc15_hu` and `perc15_g_per_l` (percentile density, Dirksen et al. 2009), `skewness` and `kurtosis` (Best et al. 2003), `volume_ml` and `mass_g` (lung weight, Coxson et al. 1999). `correcting` brings densities to a reference volume of the lungs, for scans in different inspiration (sponge model, Stoel et al. 2008): `perc15_corrected_g_per_l` and `density_corrected_g_per_l`.',
  examples: ['index ai as indices', 'index both with fvc correcting tlc_ml as indices'],
  subject: {
    type: name('measurements', 'table'),
    noun: 'the name of measurements',
    documentation: 'Measurements, or a table with `patient, region, class, percent`.',
  },
  clauses: {
    by: optional(oneOf('region'), '`by region` adds the five lobes.'),
    with: optional(
      column(),
      'The column of FVC in percent of predicted, the tie-breaker of Goh’s rule; `join` brings it.',
    ),
    correcting: optional(
      column(),
      'The column with a reference volume of each patient’s lungs in ml, such as predicted total lung capacity, to which densities are corrected.',
    ),
  },
  gives: ['table'],
  alwaysShown: false,
  async run({ subject: { name, value }, by, with: fvc, correcting: volume }) {
    const { rows, remarks, notes } = indexRowsByVisit({ name, value }, { by, fvc, volume });
    const table = from(rows);
    const filled = table.columnNames((own) => Array.from(table.array(own)).some((cell) => cell !== undefined));
    const provenance = {
      ...value.provenance,
      parameters: {
        ...value.provenance.parameters,
        indices: 'published',
        ...(fvc ? { gohTieBreaker: fvc } : {}),
        ...(volume ? { volumeCorrected: volume } : {}),
      },
    };
    const result: TableValue = {
      kind: 'table',
      table: table.select(filled),
      cutPoints: undefined,
      ...(value.flow ? { flow: value.flow } : {}),
      provenance,
    };
    return {
      value: result,
      remarks,
      view: () =>
        tableView(result.table, {
          title: `Indices of ${name}${by ? ` by region (${REGIONS.length})` : ''}`,
          notes,
          researchOnly: true,
          provenance,
          columns: INDEX_HEADINGS,
        }),
    };
  },
});

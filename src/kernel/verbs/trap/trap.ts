/** `trap`: how much air stays in the lungs in expiration, by density and, voxel by voxel, as the parametric response map. */
import { from } from 'arquero';
import type { SeriesRemark } from '../../../protocol/remark.ts';
import type { Provenance } from '../../../protocol/view.ts';
import { counted } from '../../base/counted.ts';
import { UserError } from '../../base/userError.ts';
import { oneOf } from '../../language/clauses/choice.ts';
import { name } from '../../language/clauses/name.ts';
import { number } from '../../language/clauses/number.ts';
import { optional, required, withDefault } from '../../language/declaration.ts';
import { type TrappingThresholds, USUAL_THRESHOLDS } from '../../registration/trapping.ts';
import { pairsOfNames } from '../../values/ctPairs.ts';
import type { Named } from '../../values/named.ts';
import type { TableValue } from '../../values/value.ts';
import { tableView } from '../../views/tableView.ts';
import { TRAPPING_HEADINGS } from '../../views/trappingHeadings.ts';
import { provenanceOf } from '../agree/agreeSides.ts';
import { type DonePair, eachPair } from '../eachPair.ts';
import { pairHandle } from '../pairHandle.ts';
import { declareVerb, type VerbContext, type VerbResult } from '../verb.ts';
import { type Trapped, trapOne } from './trapOne.ts';
import { trappingRows } from './trappingRows.ts';

export const trap = declareVerb({
  name: 'trap',
  summary: 'Measures air trapping from an inspiration and an expiration scan of each patient.',
  documentation:
    'Pairs the measured inspiration scans with those of expiration, by patient (and by `visit`, where both have visits), and gives a row per patient and region: `trapped_percent`, the share of the expiration scan below −856 HU; `rvc_percent`, how much the share from −950 to −856 HU changes from inspiration to expiration (relative volume change, Matsuoka et al. 2008), which is less where air stays; `ei_ratio`, mean density of expiration by that of inspiration; and `volume_change_percent`. `on voxels` lays the expiration scan upon the inspiration scan (affine, then diffeomorphic demons on the lungs) and adds the parametric response map (Galbán et al. 2012): of the voxels between −1000 and −500 HU at both times, the share that is normal, functional small airways disease (above −950 HU in inspiration, below −856 HU in expiration), emphysema (below both) or neither, with the quality of the registration beside them. `show` with the result and a patient shows both scans side by side, voxel on voxel, with the map over the first. Where a registration is poor, or the scans seem to be swapped, a flag says so.',
  examples: [
    'trap insp with exp as trapped',
    'trap insp with exp on voxels as prm',
    'trap insp with exp below -850 HU as trapped',
  ],
  subject: {
    type: name('measurements'),
    noun: 'the name of measurements of inspiration scans',
    documentation: 'Measurements of the inspiration scans, which `quantify` gives.',
  },
  clauses: {
    with: required(name('measurements'), 'Measurements of the expiration scans of the same patients.'),
    on: optional(
      oneOf('voxels'),
      '`on voxels` compares both scans voxel by voxel; they are laid upon each other for it once, and that is kept.',
    ),
    below: withDefault(
      number({ units: ['HU'], minimum: -1000, maximum: -500 }),
      USUAL_THRESHOLDS.expiration,
      'The density in expiration below which air is trapped.',
      '-856 HU',
    ),
  },
  gives: ['table'],
  columns: {
    only: ['patient', 'series', 'visit', 'days', 'expiration', 'region', ...Object.keys(TRAPPING_HEADINGS)],
  },
  alwaysShown: false,
  async run({ subject, with: expired, on, below }, context) {
    const { pairs, remarks } = pairsOfNames(subject, expired);
    if (pairs.length === 0)
      throw new UserError(
        'no-pair',
        `No patient has a CT in \`${subject.name}\` and one in \`${expired.name}\`. Patients are paired by their labels, to the letter.`,
      );
    const thresholds = { ...USUAL_THRESHOLDS, expiration: below };
    const { done, flags } = await eachPair(
      pairs,
      (pair, own) => trapOne(pair, { thresholds, onVoxels: on !== undefined }, own),
      context,
    );
    return {
      remarks,
      ...resultOf(done, { inspired: subject, expired, thresholds, onVoxels: on !== undefined, flags }, context),
    };
  },
});

interface Asked {
  readonly inspired: Named<'measurements'>;
  readonly expired: Named<'measurements'>;
  readonly thresholds: TrappingThresholds;
  readonly onVoxels: boolean;
  readonly flags: readonly SeriesRemark[];
}

function resultOf(done: readonly DonePair<Trapped>[], asked: Asked, context: VerbContext): VerbResult {
  const { inspired, expired, thresholds, onVoxels, flags } = asked;
  const provenance: Provenance = provenanceOf(inspired, expired, {
    trappedBelow: thresholds.expiration,
    ...(onVoxels ? { registered: 'demons', emphysemaBelow: thresholds.inspiration } : {}),
  });
  const table = from(done.flatMap(trappingRows));
  const pairs = done.map(({ pair }) => pair);
  const value: TableValue = {
    kind: 'table',
    table,
    cutPoints: undefined,
    headings: TRAPPING_HEADINGS,
    ...(onVoxels
      ? {
          registered: {
            pairs,
            thresholds,
            flags: { first: inspired.value.flags, second: [...expired.value.flags, ...flags] },
          },
        }
      : {}),
    provenance,
  };
  return {
    value,
    flags,
    view: () => {
      const handle = onVoxels ? pairHandle(value, context) : undefined;
      return {
        ...tableView(table, {
          title: `Air trapping of ${counted(new Set(pairs.map(({ patient }) => patient)).size, 'patient')}`,
          notes: [NOTE, ...(onVoxels ? [VOXEL_NOTE] : [])],
          researchOnly: true,
          provenance,
          columns: TRAPPING_HEADINGS,
        }),
        ...(handle === undefined ? {} : { patientsHandle: handle }),
      };
    },
  };
}

const NOTE =
  'Trapped is the share of the expiration scan below the threshold. Regions are the lobes of each scan; volumes are those of the scans themselves.';
const VOXEL_NOTE =
  'The response map counts voxels of the inspiration scan between −1000 and −500 HU at both times; its four shares add up to 100. Noise of thin slices and sharp kernels moves voxels across its thresholds.';

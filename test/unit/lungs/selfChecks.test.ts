import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FACES, type Face, type LobeGeometry } from '../../../src/kernel/lungs/lobeGeometry.ts';
import { type Checked, selfChecks } from '../../../src/kernel/lungs/selfChecks.ts';
import { LOBES, type Lobe } from '../../../src/protocol/names.ts';

type Shares = Readonly<Record<Lobe, number>>;

/** Mean volumes of supine healthy adults in percent (Yamada et al., Respiration 2020). */
const MEAN: Shares = { RUL: 17.9, RML: 9.3, RLL: 26.5, LUL: 23.1, LLL: 23.2 };
const LITRES = 5;
const CENTRES: Readonly<Record<Lobe, LobeGeometry['centreMm']>> = {
  RUL: [-70, 0, 50],
  RML: [-75, -60, -10],
  RLL: [-65, 60, -50],
  LUL: [70, -10, 40],
  LLL: [65, 60, -45],
};

function chest({
  shares = MEAN,
  litres = LITRES,
  centres = CENTRES,
  cuts = {},
}: {
  shares?: Shares;
  litres?: number;
  centres?: Readonly<Record<Lobe, LobeGeometry['centreMm']>>;
  cuts?: Readonly<Partial<Record<Face, Partial<Record<Lobe, number>>>>>;
} = {}): Checked {
  const geometry = LOBES.map((lobe) => ({
    lobe,
    volumeMl: shares[lobe] * litres * 10,
    centreMm: shares[lobe] ? centres[lobe] : undefined,
    // SAFETY: the entries are those of FACES.
    cutMm2: Object.fromEntries(FACES.map((face) => [face, cuts[face]?.[lobe] ?? 0])) as Record<Face, number>,
  }));
  return {
    geometry,
    landmarks: { boneMl: { front: 6, back: 18 }, trachea: { top: 1, bottom: 0 }, mediastinumLeftMm: 6 },
  };
}

const codes = (checked: Checked) => selfChecks(checked).map(({ code }) => code);
const scaled = (factors: Partial<Shares>): Shares => ({
  RUL: MEAN.RUL * (factors.RUL ?? 1),
  RML: MEAN.RML * (factors.RML ?? 1),
  RLL: MEAN.RLL * (factors.RLL ?? 1),
  LUL: MEAN.LUL * (factors.LUL ?? 1),
  LLL: MEAN.LLL * (factors.LLL ?? 1),
});

/** Chests over the whole range of lobes and lungs that were found in healthy adults. */
const healthyShares = fc
  .record({
    right: fc.double({ min: 50.6, max: 57.4, noNaN: true }),
    upper: fc.double({ min: 0.25, max: 0.4, noNaN: true }),
    middle: fc.double({ min: 0.13, max: 0.24, noNaN: true }),
    leftUpper: fc.double({ min: 0.4, max: 0.58, noNaN: true }),
  })
  .map(({ right, upper, middle, leftUpper }) => ({
    RUL: right * upper,
    RML: right * middle,
    RLL: right * (1 - upper - middle),
    LUL: (100 - right) * leftUpper,
    LLL: (100 - right) * (1 - leftUpper),
  }));

describe('selfChecks', () => {
  it('says nothing of any healthy chest', () => {
    fc.assert(
      fc.property(healthyShares, fc.double({ min: 2, max: 9, noNaN: true }), (shares, litres) => {
        expect(selfChecks(chest({ shares, litres }))).toEqual([]);
      }),
    );
  });

  it.each([
    ['left', ['LUL', 'LLL']],
    ['right', ['RUL', 'RML', 'RLL']],
  ] as const)('notices half of the %s lung missing, whatever the healthy chest', (side, lobes) => {
    fc.assert(
      fc.property(healthyShares, fc.double({ min: 0, max: 0.5, noNaN: true }), (healthy, kept) => {
        const shares = Object.fromEntries(
          LOBES.map((lobe) => [lobe, healthy[lobe] * ((lobes as readonly Lobe[]).includes(lobe) ? kept : 1)]),
        ) as Record<Lobe, number>;
        const flag = selfChecks(chest({ shares })).find(({ code }) => code === 'asymmetry');
        expect(flag?.message).toContain(`The ${side} lung holds`);
      }),
    );
  });

  it('says how much is there and what is usual', () => {
    expect(selfChecks(chest({ shares: scaled({ LUL: 0.5, LLL: 0.5 }) }))).toEqual([
      {
        severity: 'warning',
        code: 'asymmetry',
        message:
          'The left lung holds 30 % of both; 37 to 58 % is usual. It may be segmented only in part, unless it is shrunken or was operated on: look at the left lung.',
      },
    ]);
  });

  it.each(LOBES)('names %s where it is missing', (lobe) => {
    const missing = selfChecks(chest({ shares: scaled({ [lobe]: 0 }) })).filter(({ code }) => code === 'lobe-missing');
    expect(missing.map(({ message }) => message.split(' holds ')[0])).toEqual([lobe]);
    expect(missing[0]?.message).toContain(' 0.0 % of the lungs');
  });

  it('accepts a small middle lobe, and not a lower lobe of that size', () => {
    expect(codes(chest({ shares: { ...MEAN, RML: 3.5, RLL: 32 } }))).toEqual([]);
    expect(codes(chest({ shares: { ...MEAN, LLL: 3.5, LUL: 42.8 } }))).toEqual(['lobe-missing']);
  });

  it.each([
    [1.1, 'Lung may have been missed'],
    [9.8, 'may reach beyond the lungs'],
  ])('calls %s litres implausible', (litres, reason) => {
    const [flag, ...others] = selfChecks(chest({ litres }));
    expect(others).toEqual([]);
    expect(flag).toMatchObject({ code: 'implausible-volume', message: expect.stringContaining(reason) });
    expect(flag?.message).toContain(`${litres * 1000} ml`);
  });

  it('names the edges that cut the lungs, with the lobes and the area', () => {
    const cut = chest({ cuts: { bottom: { RLL: 2500, LLL: 1300 }, left: { LUL: 1100 }, top: { RUL: 900 } } });
    expect(selfChecks(cut)).toEqual([
      {
        severity: 'warning',
        code: 'cut-off',
        message: expect.stringContaining('at the left edge (LUL, 11 cm²) and the lower edge (RLL, LLL, 38 cm²).'),
      },
    ]);
  });

  it('notices lobes on the wrong side', () => {
    const mirrored = Object.fromEntries(
      LOBES.map((lobe) => [lobe, [-CENTRES[lobe]![0], ...CENTRES[lobe]!.slice(1)]]),
    ) as unknown as typeof CENTRES;
    expect(codes(chest({ centres: mirrored }))).toEqual(['sides-swapped']);
  });

  it('notices an upper lobe below its lower lobe on either side', () => {
    expect(codes(chest({ centres: { ...CENTRES, RUL: CENTRES.RLL, RLL: CENTRES.RUL } }))).toEqual(['lobes-upended']);
    expect(codes(chest({ centres: { ...CENTRES, LUL: CENTRES.LLL, LLL: CENTRES.LUL } }))).toEqual(['lobes-upended']);
  });

  it('compares no place with that of an empty lobe', () => {
    expect(codes(chest({ shares: scaled({ LUL: 0, LLL: 0 }) }))).toEqual(['lobe-missing', 'lobe-missing', 'asymmetry']);
  });

  it('notices heart and aorta on the right', () => {
    const { geometry, landmarks } = chest();
    expect(selfChecks({ geometry, landmarks: { ...landmarks, mediastinumLeftMm: -3.42 } })).toEqual([
      {
        severity: 'warning',
        code: 'mirrored',
        message: expect.stringContaining('the mediastinum lies 3.4 mm to the right of the midline'),
      },
    ]);
    expect(codes({ geometry, landmarks: { ...landmarks, mediastinumLeftMm: -0.9 } })).toEqual([]);
  });

  it('draws no conclusion from a heart that a shrunken lung pulls over, or in a chest that is turned', () => {
    const { landmarks } = chest();
    const right = { ...landmarks, mediastinumLeftMm: -8 };
    const { geometry } = chest({ shares: scaled({ RUL: 0.3, RML: 0.3, RLL: 0.5 }) });
    expect(codes({ geometry, landmarks: right })).toEqual(['asymmetry']);
    const turned = { ...right, boneMl: { front: 18, back: 6 } };
    expect(codes({ geometry: chest().geometry, landmarks: turned })).toEqual(['back-to-front']);
  });

  it('notices a spine in front and a trachea below', () => {
    const { geometry, landmarks } = chest();
    expect(codes({ geometry, landmarks: { ...landmarks, boneMl: { front: 18, back: 6 } } })).toEqual(['back-to-front']);
    expect(codes({ geometry, landmarks: { ...landmarks, trachea: { top: 0.1, bottom: 0.9 } } })).toEqual([
      'upside-down',
    ]);
    const none = { boneMl: { front: 0, back: 0 }, trachea: { top: 0, bottom: 0 }, mediastinumLeftMm: undefined };
    expect(codes({ geometry, landmarks: none })).toEqual([]);
  });
});

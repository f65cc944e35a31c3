import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Doubts } from '../../../src/kernel/lungs/doubts.ts';
import type { Landmarks } from '../../../src/kernel/lungs/landmarks.ts';
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

/** Of a chest as the file has it: each sign speaks for it. */
const LANDMARKS: Landmarks = {
  extentMm: { width: 280, depth: 200, height: 280 },
  spineMm: { front: 0, back: 15 },
  fromMidlineMm: { front: 12, back: 28 },
  trachea: { top: 1, bottom: 0 },
  hollowBelow: 0.5,
  mediastinumLeftMm: 6,
  notSolidBelow: { right: 0.1, left: 0.3 },
};
const NO_DOUBTS: Doubts = { outsideBodyMl: { leftOut: 0, kept: 0 }, vesselLikeMl: 0 };
/** No sign tells. */
const NOTHING: Landmarks = {
  extentMm: undefined,
  spineMm: undefined,
  fromMidlineMm: undefined,
  trachea: { top: 0, bottom: 0 },
  hollowBelow: undefined,
  mediastinumLeftMm: undefined,
  notSolidBelow: undefined,
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
  return { geometry, landmarks: LANDMARKS, doubts: NO_DOUBTS };
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

  // The limits' sources stand beside them in src/kernel/lungs/selfChecks.ts.
  it.each([
    [1.19, ['implausible-volume']],
    [1.21, []],
    [9.49, []],
    [9.51, ['implausible-volume']],
  ])('finds lungs of 1200 to 9500 ml plausible: %s litres', (litres, expected) =>
    expect(codes(chest({ litres }))).toEqual(expected),
  );

  it.each([
    [41.8, ['asymmetry']],
    [42.2, []],
    [62.8, []],
    [63.2, ['asymmetry']],
  ])('finds 42 to 63 %% of the lungs on the right usual: %s', (right, expected) => {
    const factor = { right: right / (MEAN.RUL + MEAN.RML + MEAN.RLL), left: (100 - right) / (MEAN.LUL + MEAN.LLL) };
    const { right: r, left: l } = factor;
    expect(codes(chest({ shares: scaled({ RUL: r, RML: r, RLL: r, LUL: l, LLL: l }) }))).toEqual(expected);
  });

  it.each([
    ['RUL', 6, 'RLL'],
    ['RML', 2, 'RLL'],
    ['RLL', 6, 'RUL'],
    ['LUL', 6, 'LLL'],
    ['LLL', 6, 'LUL'],
  ] as const)('expects of %s at least %i %% of the lungs', (lobe, least, neighbour) => {
    const withShare = (share: number) =>
      codes(chest({ shares: { ...MEAN, [lobe]: share, [neighbour]: MEAN[neighbour] + MEAN[lobe] - share } }));
    expect([withShare(least - 0.1), withShare(least + 0.1)]).toEqual([['lobe-missing'], []]);
  });

  it('minds no cut of up to 10 cm²', () => {
    expect(codes(chest({ cuts: { top: { RUL: 600, LUL: 400 } } }))).toEqual([]);
    expect(codes(chest({ cuts: { top: { RUL: 600, LUL: 401 } } }))).toEqual(['cut-off']);
  });

  it('tells lungs that are too tall or too flat for their width and depth, by what is wrong in the file', () => {
    const tall = (height: number) => ({
      ...chest(),
      landmarks: { ...LANDMARKS, extentMm: { width: 250, depth: 160, height } },
    });
    expect([149, 151, 359, 361].map((height) => codes(tall(height)))).toEqual([
      ['implausible-shape'],
      [],
      [],
      ['implausible-shape'],
    ]);
    expect(selfChecks(tall(520))[0]!.message).toContain(
      'The lungs are 520 mm tall, 250 mm wide and 160 mm deep; with that width and depth 150 to 360 mm are plausible. The distance between slices',
    );
  });

  // Alone, since a sign that speaks for the file's orientation outweighs one that speaks against it.
  it.each<[Partial<Landmarks>, string[]]>([
    [{ spineMm: { front: 14.9, back: 10 } }, []],
    [{ spineMm: { front: 15, back: 10 } }, ['back-to-front']],
    [{ spineMm: { front: 3.9, back: 0 } }, []],
    [{ spineMm: { front: 4, back: 0 } }, ['back-to-front']],
    [{ fromMidlineMm: { front: 25, back: 20 } }, []],
    [{ fromMidlineMm: { front: 25.1, back: 20 } }, ['back-to-front']],
    [{ trachea: { top: 0.5, bottom: 0.74 } }, []],
    [{ trachea: { top: 0.5, bottom: 0.76 } }, ['upside-down']],
    [{ hollowBelow: -0.15 }, []],
    [{ hollowBelow: -0.16 }, ['upside-down']],
    [{ mediastinumLeftMm: -2 }, []],
    [{ mediastinumLeftMm: -2.1 }, ['mirrored']],
    [{ notSolidBelow: { right: 0.24, left: 0.2 } }, []],
    [{ notSolidBelow: { right: 0.26, left: 0.2 } }, ['mirrored']],
  ])('tells a wrong orientation by %j: %j', (sign, expected) => {
    expect(codes({ ...chest(), landmarks: { ...NOTHING, ...sign } })).toEqual(expected);
  });

  it.each<Partial<Landmarks>>([
    { spineMm: { front: 24, back: 2 } },
    { fromMidlineMm: { front: 70, back: 37 } },
    { trachea: { top: 0, bottom: 1 } },
    { hollowBelow: -0.5 },
    { mediastinumLeftMm: -6 },
    { notSolidBelow: { right: 0.6, left: 0.1 } },
  ])('raises no alarm by one sign that is misled, where its pair speaks for the file: %j', (misled) => {
    expect(codes({ ...chest(), landmarks: { ...LANDMARKS, ...misled } })).toEqual([]);
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

  it('says of a mirrored chest what it saw', () => {
    const landmarks = { ...LANDMARKS, mediastinumLeftMm: -3.42, notSolidBelow: { right: 0.3, left: 0.1 } };
    expect(selfChecks({ ...chest(), landmarks })).toEqual([
      {
        severity: 'warning',
        code: 'mirrored',
        message: expect.stringContaining(
          'heart and aorta lie 3.4 mm to the right of the midline, where to the left is usual and the liver seems to lie below the left lung.',
        ),
      },
    ]);
  });

  it('draws no conclusion from a heart that a shrunken lung pulls over, or in a chest that is turned', () => {
    const right = { ...NOTHING, mediastinumLeftMm: -8 };
    const { geometry } = chest({ shares: scaled({ RUL: 0.3, RML: 0.3, RLL: 0.5 }) });
    expect(codes({ ...chest(), geometry, landmarks: right })).toEqual(['asymmetry']);
    const turned = { ...right, spineMm: { front: 18, back: 0 } };
    expect(codes({ ...chest(), landmarks: turned })).toEqual(['back-to-front']);
  });

  it('says nothing where no sign tells', () => {
    expect(codes({ ...chest(), landmarks: NOTHING })).toEqual([]);
  });

  it.each([
    [36.8, 'The left lung holds 36.8 % of both; 37 to 58 % is usual.'],
    [58.4, 'The right lung holds 41.6 % of both; 42 to 63 % is usual.'],
  ])('writes a left lung of %s %% so that it lies beyond what is usual', (left, text) => {
    const [l, r] = [left / (MEAN.LUL + MEAN.LLL), (100 - left) / (MEAN.RUL + MEAN.RML + MEAN.RLL)];
    const checked = chest({ shares: scaled({ RUL: r, RML: r, RLL: r, LUL: l, LLL: l }) });
    expect(selfChecks(checked)[0]?.message).toContain(text);
  });

  it('writes volumes and lobes beyond their limits too', () => {
    expect(selfChecks(chest({ litres: 1.1998 }))[0]?.message).toContain('1199.8 ml; 1200 to 9500 ml');
    const [lobe] = selfChecks(chest({ shares: { ...MEAN, LLL: 5.98, LUL: 40.32 } }));
    expect(lobe?.message).toContain('LLL holds 5.98 % of the lungs; at least 6 % was expected');
  });

  it.each<[Doubts, string[]]>([
    [{ outsideBodyMl: { leftOut: 10, kept: 10 }, vesselLikeMl: 5 }, []],
    [{ outsideBodyMl: { leftOut: 94, kept: 0 }, vesselLikeMl: 0 }, ['lung-outside-body']],
    [{ outsideBodyMl: { leftOut: 0, kept: 48 }, vesselLikeMl: 0 }, ['lung-outside-body']],
    [{ outsideBodyMl: { leftOut: 94, kept: 48 }, vesselLikeMl: 0 }, ['lung-outside-body']],
    [{ outsideBodyMl: undefined, vesselLikeMl: 112 }, ['vessel-as-lung']],
  ])('asks to look where lung may be something else: %j', (doubts, expected) => {
    expect(codes({ ...chest(), doubts })).toEqual(expected);
  });

  it('says how much lies outside the body, and what became of it', () => {
    const doubts = { outsideBodyMl: { leftOut: 94.3, kept: 48.2 }, vesselLikeMl: 0 };
    expect(selfChecks({ ...chest(), doubts })[0]?.message).toContain(
      '48 ml that seem to lie outside the body are counted as lung and 94 ml that looked like lung were left out',
    );
  });

  it('concludes nothing from the heights of lobes in a slab or half a lung', () => {
    const upended = { ...CENTRES, LLL: [65, 60, 145] } as const;
    // Of a left half the right lobes are a few voxels, wherever they lie; and its middle is not the mediastinum's.
    const leftHalf = { RUL: 0.02, RML: 0.3, RLL: 0.02, LUL: 50, LLL: 50 };
    const few = { ...CENTRES, RUL: CENTRES.RLL, RLL: CENTRES.RUL };
    expect(codes(chest({ shares: leftHalf, centres: few }))).not.toContain('lobes-upended');
    const vessels = { ...NO_DOUBTS, vesselLikeMl: 96 };
    expect(codes({ ...chest({ shares: leftHalf }), doubts: vessels })).not.toContain('vessel-as-lung');
    expect(codes({ ...chest(), doubts: vessels })).toContain('vessel-as-lung');
    expect(codes(chest({ centres: upended }))).toEqual(['lobes-upended']);
    for (const face of ['top', 'bottom'] as const)
      expect(codes(chest({ centres: upended, cuts: { [face]: { RLL: 600, LLL: 401 } } }))).toEqual(['cut-off']);
  });
});

import { expect, test } from 'vitest';
import { LOBE_SEGMENTS, textureSegments } from '../../../src/kernel/masks/segments.ts';
import { LOBES, TEXTURE_CLASSES } from '../../../src/protocol/names.ts';

const coded = (segments: ReturnType<typeof textureSegments>) =>
  segments.map(({ name, type, modifier }) =>
    [name, `${type.scheme} ${type.value}`, modifier?.meaning].filter(Boolean).join(', '),
  );

// PS3.16 CID 7151 with the modifiers of CID 244.
test('lobes have the codes of SNOMED CT, with a side where both lungs have one', () => {
  expect(LOBE_SEGMENTS.map(({ name }) => name)).toEqual(LOBES);
  expect(coded(LOBE_SEGMENTS)).toEqual([
    'RUL, SCT 45653009, Right',
    'RML, SCT 72481006',
    'RLL, SCT 90572001, Right',
    'LUL, SCT 45653009, Left',
    'LLL, SCT 90572001, Left',
  ]);
});

// PS3.16 CID 6102 has three of the Fleischner terms.
test('textures have the codes of DICOM where it has the term, and of SNOMED CT else', () => {
  expect(textureSegments().map(({ name }) => name)).toEqual(TEXTURE_CLASSES);
  expect(coded(textureSegments())).toEqual([
    'normal, SCT 39607008, Normal',
    'ggo, DCM 112120',
    'consolidation, SCT 95436008',
    'reticulation, DCM 112113',
    'honeycombing, DCM 112106',
    'emphysema, SCT 87433001',
  ]);
});

test('a class that a model brings has a code of our own, and its own colour', () => {
  const own = textureSegments([{ name: 'traction-bronchiectasis', letter: 'T', colour: '#e69f00' }]).at(-1);
  expect(own).toMatchObject({
    label: 'Traction bronchiectasis',
    type: { value: 'traction-bronchi', scheme: '99LUNGNB', meaning: 'Traction bronchiectasis' },
  });
  expect(own?.colour).toEqual([230, 159, 0]);
});

test('no two segments of a map have the same colour', () => {
  for (const segments of [LOBE_SEGMENTS, textureSegments()])
    expect(new Set(segments.map(({ colour }) => String(colour))).size).toBe(segments.length);
});

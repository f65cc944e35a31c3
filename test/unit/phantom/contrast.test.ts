/** Checks that contrast agent is where its phase has it, and that the lung's vessels show it. */
import { expect, it } from 'vitest';
import { type Contrast, drawContrast, PLAIN_BLOOD_HU } from '../../../samples/phantom/contrast.ts';
import { createRandom } from '../../../samples/phantom/random.ts';
import { TISSUE } from '../../../samples/phantom/tissues.ts';

const patients = Array.from({ length: 60 }, (_, seed) => drawContrast(createRandom(seed)));
const hu = (patient: Contrast, code: number) => patient.density[code]!;
const plain = patients.filter((patient) => hu(patient, TISSUE.aorticBlood) < 60);
const injected = patients.filter((patient) => hu(patient, TISSUE.aorticBlood) >= 60);

it('half of the patients have none: then all blood is alike, and the lung’s vessels gain next to nothing', () => {
  expect(plain.length).toBeGreaterThan(15);
  expect(injected.length).toBeGreaterThan(15);
  for (const patient of plain) {
    const blood = [TISSUE.cavalBlood, TISSUE.pulmonaryBlood, TISSUE.aorticBlood, TISSUE.systemicVein];
    for (const code of blood) expect(Math.abs(hu(patient, code) - PLAIN_BLOOD_HU)).toBeLessThan(8);
    expect(patient.lungVesselHu).toBeLessThan(4);
  }
});

it('each phase is met: right heart first, then the aorta, then all alike', () => {
  // The kidneys tell how much time has passed since the injection.
  const pulmonary = injected.filter((patient) => hu(patient, TISSUE.kidney) < 85);
  const aortic = injected.filter(
    (patient) => hu(patient, TISSUE.kidney) > 100 && hu(patient, TISSUE.aorticBlood) >= 220,
  );
  const venous = injected.filter((patient) => hu(patient, TISSUE.liver) > 90);
  for (const phase of [pulmonary, aortic, venous]) expect(phase.length).toBeGreaterThan(3);
  for (const patient of pulmonary) {
    expect(hu(patient, TISSUE.cavalBlood)).toBeGreaterThan(200);
    expect(hu(patient, TISSUE.systemicVein)).toBeLessThan(75);
  }
  for (const patient of aortic)
    expect(hu(patient, TISSUE.aorticBlood)).toBeGreaterThan(hu(patient, TISSUE.systemicVein) + 100);
  for (const patient of venous) expect(hu(patient, TISSUE.systemicVein)).toBeGreaterThan(85);
  for (const patient of injected) expect(patient.lungVesselHu).toBeGreaterThan(20);
});

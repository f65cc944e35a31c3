/**
 * Measures the kernel's registration on pairs with a known deformation:
 *
 *     node test/reference/registration.ts draw FOLDER      a drawn chest with its lungs, for registration.py
 *     node test/reference/registration.ts measure FOLDER   registers the pairs that registration.py wrote
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { drawPatient } from '../../samples/phantom/drawPatient.ts';
import { SAMPLE_PATIENTS } from '../../samples/phantom/patients.ts';
import { unattended } from '../../src/kernel/base/task.ts';
import { axisAlignedAffine, type GridSize } from '../../src/kernel/ct/geometry/volume.ts';
import { between } from '../../src/kernel/registration/field.ts';
import { register } from '../../src/kernel/registration/register.ts';
import { fieldOf, indexMap, type Registration } from '../../src/kernel/registration/registration.ts';

type Point = readonly [number, number, number];

interface Pair {
  readonly size: GridSize;
  readonly spacing: number;
  readonly own: readonly Point[];
  readonly other: readonly Point[];
}

const [what, folder = '.'] = process.argv.slice(2);
if (what === 'draw') draw();
else if (what === 'measure') await measure();
else throw new Error('say draw or measure, and a folder');

function draw(): void {
  const patient = SAMPLE_PATIENTS[0]!;
  const { volume, lobes } = drawPatient(patient);
  const head = (type: string) =>
    `NRRD0004\ntype: ${type}\ndimension: 3\nspace: left-posterior-superior\nsizes: ${volume.size.join(' ')}\nspace directions: ${[0, 1, 2].map((c) => `(${[0, 4, 8].map((r) => volume.affine[r + c]).join(',')})`).join(' ')}\nkinds: domain domain domain\nendian: little\nencoding: raw\nspace origin: (${[3, 7, 11].map((n) => volume.affine[n]).join(',')})\n\n`;
  const write = (name: string, type: string, data: Int16Array | Uint8Array) =>
    writeFileSync(
      join(folder, name),
      Buffer.concat([Buffer.from(head(type)), Buffer.from(data.buffer, data.byteOffset, data.byteLength)]),
    );
  write('drawn.nrrd', 'short', volume.hu);
  write('drawn.lungs.nrrd', 'uchar', lobes.labels);
}

async function measure(): Promise<void> {
  const results: Record<string, unknown> = {};
  for (const file of readdirSync(folder).filter((name) => /-(visit|breath)\.json$/.test(name))) {
    const name = file.slice(0, -5);
    const pair: Pair = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const grid = { size: pair.size, affine: axisAlignedAffine([pair.spacing, pair.spacing, pair.spacing], [0, 0, 0]) };
    const bytes = (part: string) => new Uint8Array(readFileSync(join(folder, `${name}.${part}.raw`)));
    const side = (part: string) => ({
      ct: { ...grid, hu: new Int16Array(bytes(part).buffer) },
      lobes: { ...grid, labels: bytes(`${part}Lungs`) },
    });
    const start = process.cpuUsage();
    const registration = await register(side('fixed'), side('moving'), unattended);
    const { user, system } = process.cpuUsage(start);
    const errors = pair.own
      .map((point, n) => distance(moved(registration, point), pair.other[n]!))
      .sort((a, b) => a - b);
    results[name] = {
      tre_mean_mm: errors.reduce((sum, error) => sum + error, 0) / errors.length,
      tre_p95_mm: errors[Math.floor(0.95 * errors.length)],
      ...registration.quality,
      cpu_seconds: Math.round((user + system) / 1e5) / 10,
      peak_mb: Math.round(process.resourceUsage().maxRSS / 1024),
    };
    console.log(name, results[name]);
  }
  writeFileSync(join(folder, 'kernel.results.json'), JSON.stringify(results, null, 1));
}

/** Where a place of the fixed CT is in the moving one, in mm. */
function moved(registration: Registration, point: Point): number[] {
  const identity = { size: registration.size, affine: axisAlignedAffine([1, 1, 1], [0, 0, 0]) };
  const toGrid = indexMap(identity, registration, identity.affine);
  const at = (map: readonly number[], p: readonly number[]) =>
    [0, 4, 8].map((r) => map[r]! * p[0]! + map[r + 1]! * p[1]! + map[r + 2]! * p[2]! + map[r + 3]!);
  const [x = 0, y = 0, z = 0] = at(toGrid, point);
  const field = fieldOf(registration);
  const place = [x, y, z].map((value, a) => value + between(field[a]!, registration.size, x, y, z));
  return at(registration.toMoving, at(registration.affine, place));
}

function distance(a: readonly number[], b: readonly number[]): number {
  return Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!, a[2]! - b[2]!);
}

/**
 * A part of `npm run bench -- load`, and `describe` by itself: what `lungnb describe` takes of a large archive of tiny images,
 * by its first look, by a second one in the same process, by one in another process, and until an interrupt ends it.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDicomSeries } from '../../samples/phantom/dicom.ts';
import { bundleKernel } from '../../scripts/lib/kernelBundle.ts';
import { PROJECT } from '../../scripts/lib/project.ts';
import { KERNEL_ENVIRONMENT } from '../../src/extension/kernelEnvironment.ts';
import { axisAlignedAffine } from '../../src/kernel/ct/geometry/volume.ts';

const USUAL_PATIENTS = 300;
/** Slices of each series of a patient: two of a chest, and scouts and short ones, as archives hold them. */
const SERIES = [30, 22, 4, 4, 4, 4, 4, 4, 4, 4] as const;
const SIDE = 16;

export interface Described {
  readonly patients: number;
  readonly series: number;
  readonly seconds: number;
  /** Of all threads, from the program's start on: what a busy machine changes less. */
  readonly processorSeconds: number;
  readonly secondsAgain: number;
  readonly secondsToStop: number;
  readonly peakMb: number;
}

/** Prints seconds and memory; the files lie in `folder`, which the caller removes. */
export async function describeMany(folder: string, of = USUAL_PATIENTS): Promise<void> {
  const files = makeArchive(folder, of);
  await bundleKernel(
    { describeOnce: 'test/bench/describeOnce.ts', decodeWorker: 'src/kernel/ct/dicom/decodeWorker.ts' },
    'out/bench',
  );
  const describe = (): Described => {
    const text = execFileSync(
      process.execPath,
      [join(PROJECT, 'out/bench/describeOnce.js'), folder, join(folder, '..', 'cache')],
      { encoding: 'utf8', env: { ...process.env, ...KERNEL_ENVIRONMENT } },
    );
    // SAFETY: describeOnce.ts prints one of these.
    return JSON.parse(text) as Described;
  };
  const { patients, series, seconds, processorSeconds, secondsAgain, secondsToStop, peakMb } = describe();
  const later = describe();
  console.log(`\n\`describe\` of ${files} files, ${of * SERIES.length} series, ${of} patients`);
  console.table({
    'patients and usable series': `${patients}, ${series}`,
    'seconds, first time': Number(seconds.toFixed(1)),
    'seconds of processor, first time': Number(processorSeconds.toFixed(1)),
    'ms per file': Number(((1000 * seconds) / files).toFixed(2)),
    'seconds, again': Number(secondsAgain.toFixed(1)),
    'seconds, in another process': Number(later.seconds.toFixed(1)),
    'seconds of processor, in another process': Number(later.processorSeconds.toFixed(1)),
    'seconds until an interrupt ends it': Number(secondsToStop.toFixed(2)),
    'peak memory in MB': Math.round(peakMb),
  });
}

/** Copies of one series' files, each with a UID, patient and series of its own; their number. */
function makeArchive(folder: string, of: number): number {
  const template = join(folder, '..', 'template');
  const slices = Math.max(...SERIES);
  const hu = Int16Array.from({ length: SIDE * SIDE * slices }, (_, p) => (p % 3 ? -850 : 40) + (p % 29));
  hu.fill(-1000, 0, hu.length / 4);
  const volume = { size: [SIDE, SIDE, slices] as const, affine: axisAlignedAffine([20, 20, 9], [0, 0, 0]), hu };
  const tags = { patientId: 'PATIENT-0000', manufacturer: 'bench', convolutionKernel: 'B60', sliceThicknessMm: 9 };
  writeDicomSeries(template, volume, tags);
  const images = readdirSync(template)
    .sort()
    .map((name) => readFileSync(join(template, name)));
  let files = 0;
  for (let patient = 0; patient < of; patient++)
    for (const [series, count] of SERIES.entries()) {
      const own = join(folder, `P${String(patient).padStart(3, '0')}`, `S${series}`);
      mkdirSync(own, { recursive: true });
      for (const [n, image] of images.slice(0, count).entries())
        writeFileSync(join(own, `IM${String(n).padStart(5, '0')}`), withNumbers(image, { patient, series, n }));
      files += count;
    }
  return files;
}

/** The last digits of all UIDs but those of DICOM itself, and of the patient's ID, replaced. */
function withNumbers(
  image: Buffer,
  { patient, series, n }: { readonly patient: number; readonly series: number; readonly n: number },
): Buffer {
  const digits = (value: number) => String(value).padStart(4, '0');
  const bytes = Buffer.from(image);
  const text = bytes.toString('latin1');
  for (const { 0: uid, index } of text.matchAll(/2\.25\.\d{20,}/g)) {
    const isOfSlice = text.indexOf(uid) !== text.lastIndexOf(uid);
    bytes.write(digits(patient) + digits(series) + (isOfSlice ? digits(n) : '0000'), index + uid.length - 12, 'latin1');
  }
  for (const { index } of text.matchAll(/PATIENT-0000/g)) bytes.write(digits(patient), index + 8, 'latin1');
  return bytes;
}

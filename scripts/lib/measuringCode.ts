/** A digest of everything that turns a CT into measurements: what `MEASURING_CODE` has to be. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { PROJECT } from './project.ts';

export const MEASURING_CODE_FILE = join(PROJECT, 'src/kernel/lungs/measuringCode.ts');
/** Where measuring begins: in threads of their own, and where the verb asks for what was kept. */
const ENTRIES = [
  'src/kernel/lungs/imageWorker.ts',
  'src/kernel/lungs/fissureWorker.ts',
  'src/kernel/lungs/slabs/slabWorker.ts',
  'src/kernel/inference/networkWorker.ts',
  'src/kernel/ct/dicom/decodeWorker.ts',
  'src/kernel/values/measuredSeries.ts',
];

/** The sources that the entries import, directly or not, and the versions of the packages among them. */
export async function measuringCode(): Promise<string> {
  const { metafile } = await build({
    absWorkingDir: PROJECT,
    entryPoints: ENTRIES,
    outdir: 'unused',
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
  const hash = createHash('sha256');
  const sources = Object.keys(metafile.inputs).sort();
  for (const file of sources)
    if (join(PROJECT, file) !== MEASURING_CODE_FILE) hash.update(file).update(readFileSync(join(PROJECT, file)));
  const imported = sources.flatMap((file) => metafile.inputs[file]!.imports.map(({ path }) => packageOf(path)));
  const lock = JSON.parse(readFileSync(join(PROJECT, 'package-lock.json'), 'utf8'));
  for (const name of [...new Set(imported)].sort()) {
    const version = name && lock.packages[`node_modules/${name}`]?.version;
    if (version) hash.update(`${name}@${version}`);
  }
  return hash.digest('hex').slice(0, 12);
}

/** The package that an import names; undefined for files of the project and parts of Node. */
function packageOf(path: string): string | undefined {
  return /^(?!node:|src\/|\.)(@[^/]+\/[^/]+|[^/]+)/.exec(path)?.[1];
}

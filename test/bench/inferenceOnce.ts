/** One CT from its files to its table and into an empty cache, in a process of its own: what of time and memory it takes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PROJECT } from '../../scripts/lib/project.ts';
import { unattended } from '../../src/kernel/base/task.ts';
import { limitThreads } from '../../src/kernel/base/threads.ts';
import { usedSeries } from '../../src/kernel/ct/cohort/seriesChoice.ts';
import { discoverCohort } from '../../src/kernel/ct/files/discover.ts';
import { measureCts } from '../../src/kernel/engine/measureCts.ts';
import { findModel } from '../../src/kernel/inference/model.ts';
import { createImageService } from '../../src/kernel/lungs/imageService.ts';
import { createMeasurementCache } from '../../src/kernel/session/measurementCache.ts';

const [path = '', threads = '2'] = process.argv.slice(2);
limitThreads(Number(threads));
const start = performance.now();
const { patients } = await discoverCohort(path, unattended);
const cts = patients.flatMap((patient) => usedSeries(patient).map((series) => ({ patient: patient.id, series })));
const folders = [join(PROJECT, 'models')];
const models = {
  lobes: await findModel(folders, 'lung-lobes', 'lobes'),
  textures: await findModel(folders, 'lung-texture', 'textures'),
};
const folder = mkdtempSync(join(tmpdir(), 'lungnb-once-'));
const images = createImageService({ volumesKept: 1 });
const measurements = createMeasurementCache(folder, { limitBytes: Number.POSITIVE_INFINITY });
try {
  await measureCts(
    cts.slice(0, 1),
    { meansOf: () => models, images, measurements, task: unattended },
    {
      done: async (_, { state, message }) => {
        if (state !== 'measured') throw new Error(`the CT was not measured: ${message ?? state}`);
      },
      tell: () => {},
    },
  );
} finally {
  await images.close();
  rmSync(folder, { recursive: true, force: true });
}
const { user, system } = process.cpuUsage();
console.log(
  JSON.stringify({
    seconds: Number(((performance.now() - start) / 1000).toFixed(1)),
    cpuSeconds: Number(((user + system) / 1e6).toFixed(1)),
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
  }),
);

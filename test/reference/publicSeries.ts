/** The CT series that LungNB finds below some folders, with their voxels in short, as JSON: read by publicSeries.py, which compares. */
import { unattended } from '../../src/kernel/base/task.ts';
import { errorOf } from '../../src/kernel/base/thrown.ts';
import { readSeries } from '../../src/kernel/ct/cohort/readSeries.ts';
import { discoverCohort } from '../../src/kernel/ct/files/discover.ts';

for (const root of process.argv.slice(2)) console.log(JSON.stringify({ root, ...(await found(root)) }));
process.exit();

async function found(root: string): Promise<object> {
  try {
    const { patients, problems } = await discoverCohort(root, unattended);
    const series = await Promise.all(
      patients.flatMap(({ series: all }) =>
        all.map(async (one) => {
          const flags = one.problems.map(({ code }) => code);
          try {
            const { volume } = await readSeries(one, unattended);
            const mean = volume.hu.reduce((a, b) => a + b, 0) / volume.hu.length;
            return { size: one.size, spacing: one.spacingMm, mean, flags };
          } catch (error) {
            return { size: one.size, spacing: one.spacingMm, mean: errorOf(error).message, flags };
          }
        }),
      ),
    );
    return { series, problems: problems.map(({ code }) => code) };
  } catch (error) {
    return { series: [], problems: [errorOf(error).message.slice(0, 300)] };
  }
}

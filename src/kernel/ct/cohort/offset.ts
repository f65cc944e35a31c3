/** Hounsfield units that were stored with a number added: `load … offset -1024` takes it away. */
import type { Remark } from '../../../protocol/remark.ts';
import type { RemarkCode } from '../../../protocol/remarkCodes.ts';
import type { Task } from '../../base/task.ts';
import { createSourceReader, type SourceReader } from '../files/sources.ts';
import { volumeScaleProblems } from '../formats/volumeFile.ts';
import type { Cohort, Series } from './cohort.ts';
import { sampleProblems } from './sampleSlices.ts';
import { chooseBest } from './seriesChoice.ts';

/** What is said of the scale of values. */
const OF_THE_SCALE: readonly RemarkCode[] = ['hu-implausible', 'not-hounsfield', 'shifted-hounsfield'];

/** The cohort whose CTs are all read with `offsetHu` added, looked at anew: what was said of their scale may not hold any more. */
export async function withOffset(cohort: Cohort, offsetHu: number, task: Task): Promise<Cohort> {
  if (offsetHu === 0) return cohort;
  const reader = createSourceReader(task.signal);
  try {
    const patients = [];
    for (const [n, patient] of cohort.patients.entries()) {
      task.progress(n / cohort.patients.length, `looking at ${patient.id} again`);
      const series = await Promise.all(patient.series.map((one) => lookedAtAgain({ ...one, offsetHu }, reader, task)));
      patients.push({ ...patient, series, choices: chooseBest(series) });
    }
    return { ...cohort, patients };
  } finally {
    reader.close();
  }
}

async function lookedAtAgain(series: Series, reader: SourceReader, task: Task): Promise<Series> {
  const isOfScale = ({ code }: Remark) => OF_THE_SCALE.includes(code);
  reader.know(series.sources);
  const found =
    series.format === 'dicom'
      ? await sampleProblems(series, reader, task)
      : await volumeScaleProblems(series, reader, task);
  return { ...series, problems: [...series.problems.filter((one) => !isOfScale(one)), ...found.filter(isOfScale)] };
}

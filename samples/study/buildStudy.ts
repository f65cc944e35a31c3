/**
 * Writes the tables of samples/study.lungnb: registry, measurements, a second scan of twenty patients, a visit a
 * year later, two readers.
 * Use: node samples/study/buildStudy.ts
 */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reader1Csv, reader2Csv } from '../phantom/readers.ts';
import type { TruthRow } from '../phantom/truth.ts';
import { clinicRows } from './clinic.ts';
import { followUpRows } from './followUp.ts';
import { measuredRows, studyPatients, truthRows } from './patients.ts';

const RESCANNED = 20;

/** Every file of the study by its name. */
export function studyFiles(): Record<string, string> {
  const patients = studyPatients();
  const truth = patients.flatMap(truthRows);
  return {
    'registry.csv': csv(
      ['patient', 'hrct', 'ild', 'age', 'sex', 'antibody', 'fvc', 'dlco', 'months', 'died'],
      clinicRows().map(({ patient, hrct, ild, age, sex, antibody, fvc, dlco, months, died }) => [
        ...[patient, hrct, ild, String(age), sex, antibody],
        ...[fvc?.toFixed(1) ?? '', dlco?.toFixed(1) ?? '', months.toFixed(1), died ? 'yes' : 'no'],
      ]),
    ),
    'measurements.csv': measurementsCsv(patients.flatMap((patient) => measuredRows(patient, 0))),
    'rescan.csv': measurementsCsv(patients.slice(0, RESCANNED).flatMap((patient) => measuredRows(patient, 1))),
    'followup.csv': csv(
      ['patient', 'series', 'visit', 'days', 'region', 'class', 'volume_ml', 'percent'],
      followUpRows().map(({ patient, series, visit, days, region, class: own, volumeMl, percent }) => [
        ...[patient, series, String(visit), String(days), region, own],
        ...[volumeMl.toFixed(1), percent.toFixed(3)],
      ]),
    ),
    'reader1.csv': reader1Csv(truth),
    'reader2.csv': reader2Csv(truth),
  };
}

function measurementsCsv(rows: readonly TruthRow[]): string {
  return csv(
    ['patient', 'series', 'region', 'class', 'volume_ml', 'percent'],
    rows.map((row) => [
      row.patient,
      'series-1',
      row.region,
      row.class,
      row.volumeMl.toFixed(3),
      row.percent.toFixed(4),
    ]),
  );
}

function csv(header: readonly string[], rows: readonly (readonly string[])[]): string {
  return `${[header, ...rows].map((row) => row.join(',')).join('\n')}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  for (const [name, text] of Object.entries(studyFiles()))
    writeFileSync(join(dirname(fileURLToPath(import.meta.url)), name), text);

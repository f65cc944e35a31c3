/** Writes a scoring sheet for forms.py. Use: node writeForm.ts form.xlsx */
import { writeFileSync } from 'node:fs';
import { writeForm } from '../../src/kernel/tables/form/writeForm.ts';

const PATIENTS = ['P03', 'P01', 'P02'];

writeFileSync(
  process.argv[2]!,
  writeForm({
    session: 1,
    software: 'LungNB',
    seed: 7,
    repeats: 0,
    ai: 'hidden',
    form: {
      regions: ['RLL', 'LLL'],
      classes: ['ggo'],
      scale: { kind: 'scale', low: 0, high: 4 },
      cutPoints: [1, 25, 50, 75],
      questions: [
        { name: 'pattern', answer: { kind: 'list', words: ['UIP', 'NSIP, fibrotic', 'NSIP'] } },
        { name: 'ild', answer: { kind: 'yes-no' } },
        { name: 'extent', answer: { kind: 'percent' } },
        { name: 'comment', answer: { kind: 'text' } },
      ],
    },
    cases: PATIENTS.map((patient, n) => ({
      case: n + 1,
      patient,
      series: 'series-1',
      calibration: false,
      repeat: 1,
    })),
    read: [],
  }),
);

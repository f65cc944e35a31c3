/**
 * `npm run faults -- [--rounds N] [--only NAME]`: what happens to a run of a small study where its computer fails.
 * Prints what was tried and what came, and fails where a result differs, is half-written, or something is left over.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { CLI } from '../../scripts/lib/project.ts';
import type { Fault, Outcome, Reference } from './fault.ts';
import { clock } from './kinds/clock.ts';
import { damage } from './kinds/damage.ts';
import { disk } from './kinds/disk.ts';
import { kill } from './kinds/kill.ts';
import { memory } from './kinds/memory.ts';
import { readOnly } from './kinds/readOnly.ts';
import { servers } from './kinds/servers.ts';
import { together } from './kinds/together.ts';
import { type Computer, newComputer, run, snapshot } from './study.ts';

export const FAULTS: readonly Fault[] = [kill, disk, readOnly, damage, clock, memory, servers, together];
const ROUNDS = 50;

/** Runs the study undisturbed; `remove` its computer when nothing is compared any more. */
export async function undisturbed(): Promise<{ reference: Reference; computer: Computer }> {
  const computer = newComputer();
  const before = snapshot(computer);
  const { code, stderr } = await run(computer);
  if (code !== 0) throw new Error(`The study does not run undisturbed: ${stderr}`);
  return { reference: { before, after: snapshot(computer), cache: computer.at('cache') }, computer };
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { rounds: { type: 'string' }, only: { type: 'string' } } });
  const rounds = Number(values.rounds ?? ROUNDS);
  const asked = FAULTS.filter(({ name }) => values.only === undefined || name.includes(values.only));
  if (!Number.isInteger(rounds) || rounds < 1 || asked.length === 0 || !existsSync(CLI)) {
    console.error(
      existsSync(CLI)
        ? `--rounds takes a number, and --only a part of one of: ${FAULTS.map(({ name }) => name).join(', ')}.`
        : 'Build first: npm run build.',
    );
    return 2;
  }
  const { reference, computer } = await undisturbed();
  const rows: Row[] = [];
  for (const fault of asked) {
    const whyNot = fault.whyNot?.();
    if (whyNot !== undefined) {
      rows.push({ fault: fault.name, tried: '', times: 0, came: `not tried: ${whyNot}`, wrong: 0 });
      continue;
    }
    for await (const outcome of fault.attempts(rounds, reference)) {
      count(rows, fault.name, outcome);
      const { tried, came, wrong } = outcome;
      console.error(`${fault.name}, ${tried}: ${came}${wrong.map((one) => `\n  WRONG: ${one}`).join('')}`);
    }
  }
  computer.remove();
  console.table(rows);
  const wrong = rows.reduce((sum, row) => sum + row.wrong, 0);
  const times = rows.reduce((sum, row) => sum + row.times, 0);
  console.log(`${times} faults, ${wrong} with something wrong.`);
  return wrong ? 1 : 0;
}

interface Row {
  readonly fault: string;
  readonly tried: string;
  times: number;
  readonly came: string;
  wrong: number;
}

function count(rows: Row[], fault: string, { tried, came, wrong }: Outcome): void {
  let row = rows.find((one) => one.fault === fault && one.tried === tried && one.came === came);
  if (!row) {
    row = { fault, tried, times: 0, came, wrong: 0 };
    rows.push(row);
  }
  row.times++;
  if (wrong.length) row.wrong++;
}

if (import.meta.main) process.exitCode = await main();

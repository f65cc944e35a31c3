/** Marks cells that are out of date, with the reason; a click runs them. */
import { CellMarks } from './cellMarks.ts';

export function createStaleMarks(): CellMarks {
  return new CellMarks((reason) => ({
    text: `$(history) Out of date: ${reason}`,
    tooltip: 'Run all cells that are out of date',
    command: 'lungnb.runStaleCells',
  }));
}

/** `lungnb describe`: what `load` would find. */
import { basename, join } from 'node:path';
import { MEASUREMENTS_FOLDER } from '../../protocol/kernelApi.ts';
import { plainText } from '../../protocol/views/index.ts';
import { namesBehind } from '../base/fileNames.ts';
import { type Task, unattended } from '../base/task.ts';
import { createMeasurementCache } from '../session/measurementCache.ts';
import { print, progressLine } from '../terminal.ts';
import { cohortFlags } from '../values/flags.ts';
import { masksProvenance } from '../values/masks.ts';
import { cohortView, unusedRemarks } from '../views/cohortView.ts';
import { columnsView } from '../views/columnsView.ts';
import { masksView } from '../views/masksView.ts';
import { kept } from '../views/messagesView.ts';
import { showOnScreen } from './onScreen.ts';
import { opened } from './opened.ts';
import { cacheFolderOf, type RunOptions } from './options.ts';

export async function describe(path: string, values: RunOptions): Promise<number> {
  const bar = progressLine();
  const task: Task = { ...unattended, progress: (fraction, message) => bar.show(message, fraction) };
  const headers = createMeasurementCache(join(cacheFolderOf(values.cache), MEASUREMENTS_FOLDER), {
    limitBytes: Number.POSITIVE_INFINITY,
  });
  const found = await opened(path, headers, task).catch((error: Error) => {
    bar.clear();
    showOnScreen(namesBehind(error.message).join('\n'), values);
    throw error;
  });
  bar.clear();
  if (found.kind === 'table') {
    print(plainText(columnsView(basename(path), found.table)));
    return 0;
  }
  if (found.kind === 'masks') {
    const { masks } = found;
    print(plainText(masksView(masks, path, masksProvenance(masks))));
    const said = plainText({ type: 'messages', messages: masks.problems.map(kept) });
    if (said) print(`\n${said}`);
    return 0;
  }
  const { cohort } = found;
  const shown = plainText(cohortView(cohort, path));
  print(shown);
  const said = plainText({ type: 'messages', messages: unusedRemarks(cohort).map(kept), flags: cohortFlags(cohort) });
  if (said) print(`\n${said}`);
  showOnScreen(namesBehind(`${shown}\n${said}`).join('\n'), values);
  return 0;
}

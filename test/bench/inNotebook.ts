/** A notebook in VS Code in Chromium, run and worked on. */
import { writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Frame, Page } from 'playwright-core';
import { MEASUREMENT_CACHE } from '../../scripts/lib/project.ts';
import { allCellsEnded, openWorkbench, outputFrame, runAll } from '../harness/workbench.ts';

export interface NotebookRun {
  /** The file, which is written. */
  readonly notebook: string;
  readonly sources: readonly string[];
  readonly size?: { readonly width: number; readonly height: number };
  /** Starts all cells; pressed by Run All unless said. */
  readonly run?: (page: Page) => Promise<void>;
  readonly work: (outputs: Frame, page: Page) => Promise<void>;
}

/** Runs a notebook with these cells and works on its outputs. */
export async function inNotebook({
  notebook,
  sources,
  size = { width: 1280, height: 1700 },
  run = runAll,
  work,
}: NotebookRun): Promise<void> {
  const cells = sources.map((source) => ({ kind: 'code', source: source.split('\n') }));
  writeFileSync(notebook, JSON.stringify({ lungnb: 1, cells }));
  const workbench = await openWorkbench({
    workspaceFolder: dirname(notebook),
    notebook,
    cacheFolder: MEASUREMENT_CACHE,
    size,
  });
  try {
    await run(workbench.page);
    await allCellsEnded(workbench.page, 300_000);
    await work(await outputFrame(workbench.page), workbench.page);
  } finally {
    await workbench.close();
  }
}

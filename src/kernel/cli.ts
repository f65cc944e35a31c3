#!/usr/bin/env node
/** The `lungnb` command: runs, checks and describes without VS Code, on the same kernel. */
import { SOFTWARE } from './base/software.ts';
import { check } from './commands/check.ts';
import { describe } from './commands/describe.ts';
import { diff } from './commands/diff.ts';
import { importCommand } from './commands/importModel.ts';
import { measure } from './commands/measure.ts';
import { cacheFolderOf, parseCommand } from './commands/options.ts';
import { run } from './commands/run.ts';
import { UsageError } from './commands/usageError.ts';
import { endWith, wordsOf } from './commands/wordsOf.ts';
import { removeLeftovers } from './ct/dicomWeb/leftovers.ts';
import { OWN_MODELS, PROJECT } from './ownFiles.ts';
import { isOutputLost, print, report } from './terminal.ts';

const USAGE = `lungnb: notebooks that measure interstitial lung disease on chest CT. Research only.

  lungnb run notebook.lungnb [--set name=value …] [--out executed.lungnb] [--html report.html]
             [--pdf report.pdf] [--docx tables.docx] [--paper a4|letter] [--browser PATH] [--slices N]
             [--no-code] [--static] [--json results.json] [--crate FOLDER] [--overwrite] [--allow-outside] [--keep-going]
             [--on slurm | --jobs N] [--serve [--with-labels]]
  lungnb measure cohort/         (\`lungnb measure --help\` tells the rest)
  lungnb diff before.lungnb after.lungnb   (\`lungnb diff --help\` tells the rest)
  lungnb check notebook.lungnb
  lungnb describe path/          (or a table, a manifest, or a DICOMweb address)
  lungnb import-model FOLDER [--as NAME] [--to MODELS] [--task lobes|textures|lungs]
             [--label THEIRS=OURS …] [--orientation LPS] [--no-mirroring]
  lungnb --version

run stops at the first cell that fails, with exit code 1, and writes what it has by then;
--keep-going runs the cells behind it all the same, and the exit code stays 1.
--slices N puts N axial slices of each CT into the HTML page, evenly apart from the base of the lungs
to their apex, with what is laid over them, so that its viewers scroll and its figures lead to
patients. Of 512 x 512 pixels 20 slices take some 2.5 MB a CT; the size is told before they are made.
The HTML page computes by itself what follows from tables when a parameter is moved in it, and holds
the tables that this needs; --static makes a page that shows and does not compute.
--no-code leaves the cells' text out of the page, which is static then.
--pdf prints that static page by the Chromium, Chrome or Edge that is there, on A4 unless --paper says
letter; --docx writes texts, tables and figures for a word processor, with captions (docs/paper.md).
--browser names the browser where it is not found by itself, as does LUNGNB_BROWSER.
--crate writes a Workflow Run RO-Crate: the executed notebook, its results and page, and the digests
of inputs and models, in one folder.
--serve runs nothing by itself: another program asks, over standard input and output (JSON-RPC,
a message a line; docs/driving.md), and sees pseudonyms in place of labels, or labels --with-labels.
--overwrite replaces files that are there and that no run of this notebook wrote, or that were
changed since; what the notebook loads is never written over. --allow-outside lets its cells
export to places outside its folder.

Where CTs are measured (run):
  --device NAME     what networks run on: cpu (as ever), cuda, directml, coreml, or auto for
                    the first of them that is there
  --jobs N          in N processes on this computer
  --on slurm        by an array job of Slurm, on computers that see the same files and the same
                    cache; --sbatch=OPTION hands an option on (--sbatch=--partition=long, may be
                    repeated), --array-size N bounds the tasks, --no-wait ends when it is submitted.
                    The same command again takes the job up, and submits only what is missing

Options of run, check and describe:
  --models FOLDER   a folder with model folders (may be repeated). It is searched first, then
                    the folder \`models\` beside the notebook, then LungNB's own models
  --cache FOLDER    where measured CTs are kept
  --cache-from FOLDER   another cache that is read and never written (may be repeated)
  --show-paths      the full names of the files that messages are about, on standard error; a
                    terminal shows them without. Results and reports never hold them

import-model makes a model folder in MODELS (\`models\` in this folder) for a network of nnU-Net
(TotalSegmentator's too), lungmask or MONAI, whose files stay where they are. Where they are not
ONNX yet it says the one command that exports them.

Environment: LUNGNB_DICOMWEB_URL, and LUNGNB_DICOMWEB_TOKEN or LUNGNB_DICOMWEB_USER and
LUNGNB_DICOMWEB_PASSWORD, log in to that DICOMweb server.`;

async function main(argv: readonly string[]): Promise<number> {
  if (argv[0] === 'measure') return measure(argv.slice(1), { cacheFolder: cacheFolderOf(), modelFolder: OWN_MODELS });
  if (argv[0] === 'diff') return diff(argv.slice(1));
  const { values, positionals } = parseCommand(argv, USAGE);
  const [command, path, ...rest] = positionals;
  if (values.help) {
    print(USAGE);
    return 0;
  }
  if (values.version) {
    print(SOFTWARE);
    return 0;
  }
  if (!command || !path || rest.length) throw new UsageError(USAGE);
  void removeLeftovers();
  if (command === 'describe') return describe(path, values);
  if (command === 'check') return check(path);
  if (command === 'run') return run(path, values);
  if (command === 'import-model') return importCommand(path, values, new URL('models/export/', PROJECT));
  throw new UsageError(`Unknown command "${command}".\n\n${USAGE}`);
}

process.on('uncaughtException', endWith);
// What was printed last may be known to be lost after everything else is done.
process.on('exit', () => {
  if (isOutputLost()) process.exitCode ||= 1;
});
main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    report(wordsOf(error));
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);

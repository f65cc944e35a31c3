/** `lungnb import-model FOLDER`: what is typed, and what is said of it. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError } from '../base/userError.ts';
import { ORIENTATIONS } from '../ct/geometry/orientation.ts';
import { type Imported, type ImportRequest, importModel } from '../inference/import/importModel.ts';
import { print, report } from '../terminal.ts';

const TASKS = ['lobes', 'textures', 'lungs'] as const;

export interface ImportOptions {
  readonly as?: string | undefined;
  readonly to?: string | undefined;
  readonly task?: string | undefined;
  readonly label?: readonly string[] | undefined;
  readonly orientation?: string | undefined;
  readonly 'no-mirroring'?: boolean | undefined;
}

/** The exit code: 1 where the weights are not ONNX yet. Throws a UserError for what is no network that can be run. */
export async function importCommand(folder: string, options: ImportOptions, scripts: URL): Promise<number> {
  const result = await importModel(requestOf(folder, options));
  if (result.kind === 'imported') {
    print(told(result));
    return 0;
  }
  const command =
    result.script === undefined ? result.command : `python "${scriptPath(scripts, result.script)}" ${result.command}`;
  report(
    `This is ${result.what}, and its weights are not ONNX yet. Export them once, with the Python that you use it with (and the package onnx in it):\n\n  ${command}\n\nThen run this command again.`,
  );
  return 1;
}

/** Beside the shipped models. */
function scriptPath(scripts: URL, name: string): string {
  const path = fileURLToPath(new URL(name, scripts));
  if (!existsSync(path))
    throw new UserError('model-import', `The script ${name} did not come with this copy of LungNB.`);
  return path;
}

function requestOf(folder: string, options: ImportOptions): ImportRequest {
  const { task, orientation } = options;
  const known = TASKS.find((name) => name === task);
  if (task !== undefined && !known)
    throw new UserError('model-import', `--task is ${TASKS.join(', ')}, not "${task}".`);
  if (orientation !== undefined && !ORIENTATIONS.includes(orientation))
    throw new UserError(
      'model-import',
      `--orientation is three letters for the sides that x, y and z run towards, such as LPS, LAS or RAS, not "${orientation}".`,
    );
  return {
    folder: resolve(folder),
    into: resolve(options.to ?? join(process.cwd(), 'models')),
    id: options.as,
    task: known,
    labels: new Map(
      (options.label ?? []).map((pair) => {
        const at = pair.lastIndexOf('=');
        if (at < 1 || at === pair.length - 1)
          throw new UserError('model-import', `--label expects THEIRS=OURS, not "${pair}".`);
        return [pair.slice(0, at), pair.slice(at + 1)] as const;
      }),
    ),
    orientation,
    withoutMirroring: options['no-mirroring'],
  };
}

function told({ manifest: { id, task, input, output, ensemble }, what, made, remarks }: Imported): string {
  const use = {
    lobes: `quantify cohort lobes "${id}" as own`,
    textures: `quantify cohort with "${id}" as own`,
    lungs: `"cropTo": { "model": "${id}" }, in the input of a model of lobes or textures`,
  }[task];
  return [
    `${what} is the model "${id}" now: ${join(made, 'manifest.json')}`,
    `  finds ${task}: ${[...new Set(output.labels.filter((label) => label !== null))].join(', ')}`,
    `  ${input.dimensions}D, patches of ${input.patch.join(' × ')} at ${input.spacingMm.join(' × ')} mm, axes ${input.orientation}, mirrored along ${input.mirror.join(', ') || 'none'}${ensemble ? `, the mean of ${ensemble.length + 1} networks` : ''}`,
    ...remarks.map((remark) => `  note: ${remark}`),
    `Its weights stay where they are. Use: ${use}`,
    'Research only. Its licence and citation belong into the manifest: write what its authors say.',
  ].join('\n');
}

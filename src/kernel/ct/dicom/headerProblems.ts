/** What the headers of a stack say against measuring it, or against the standard. */

import type { Remark } from '../../../protocol/remark.ts';
import { info, warning } from '../../base/remarks.ts';
import { LOSSY } from '../cohort/seriesChecks.ts';
import type { FoundFile } from '../files/scan.ts';
import { namesOfSources } from '../files/sources.ts';
import { type RescaleFit, scaleOf } from './rescaleFit.ts';
import type { Stack } from './seriesStacks.ts';

const NAMES_SHOWN = 3;

/** `fit` is the scale that the pixels bear out, where several are said. */
export function headerProblems({ files, phase }: Stack, fit: RescaleFit): Remark[] {
  const problems: Remark[] = [];
  if (files.every(({ header }) => header.modality === undefined))
    problems.push(warning('no-modality', 'The Modality tag is missing; it is taken for CT.'));
  if (files.some(({ header }) => header.lossy)) problems.push(LOSSY);
  if (phase) problems.push(info('phase', `One of several scans of the same places, told apart by ${phase}.`));
  return [
    ...problems,
    ...kindProblems(files),
    ...(fit === 'own' ? [] : rescaleProblems(files, fit)),
    ...faultProblems(files),
  ];
}

function kindProblems(files: readonly FoundFile[]): Remark[] {
  const kinds = files.flatMap(({ header }) => header.kind ?? []);
  const [unit] = kinds.flatMap((one) => (one.kind === 'quantity' ? [one.unit] : []));
  const problems: Remark[] = [];
  if (unit !== undefined)
    problems.push(
      warning(
        'other-quantity',
        `RescaleType is ${unit}: by its header the series shows something else than Hounsfield units, and densities and textures measured in it are not real. Use the series of plain CT images.`,
      ),
    );
  if (kinds.some(({ kind }) => kind === 'projection'))
    problems.push(
      warning(
        'projection',
        'By its header the series is a maximum or minimum intensity projection: its values are the extremes of thick slabs, and not those of tissue. Use the series that it was made from.',
      ),
    );
  if (kinds.some(({ kind }) => kind === 'spectral'))
    problems.push(
      warning(
        'spectral-image',
        'By its header the series was computed from two energies (a monoenergetic or virtual image): its values differ from those of a plain CT. Do not compare it with plain CTs.',
      ),
    );
  return problems;
}

/** A scale that differs between slices is lost in some of them, or was merged from other files. */
function rescaleProblems(files: readonly FoundFile[], fit: RescaleFit): Remark[] {
  const groups = Map.groupBy(files, ({ header }) => scaleOf(header));
  if (groups.size < 2) return [];
  const [usual, ...others] = [...groups].sort(([, a], [, b]) => b.length - a.length);
  const odd = others.flatMap(([, group]) => group);
  const said = others.map(([scale, group]) => `${scale ?? 'neither'} in ${group.length}`).join(', ');
  const names = namesOfSources(
    odd.map(({ source }) => source),
    NAMES_SHOWN,
  );
  return [
    warning(
      'mixed-rescale',
      `RescaleSlope and RescaleIntercept are ${usual![0] ?? 'missing'} in ${usual![1].length} of ${files.length} images, and ${said} (${names}). Each slice is scaled as its own header says; ${fit === 'usual' ? 'the slices beside them show that these tags were lost or changed, and their values are wrong by as much: export the series again, or remove them' : 'if the tags were lost or changed, these slices are wrong by as much: look at them, and export the series again'}.`,
    ),
  ];
}

function faultProblems(files: readonly FoundFile[]): Remark[] {
  const count = (fault: 'decimal-comma' | 'padding-tissue') =>
    files.filter(({ header }) => header.faults.includes(fault)).length;
  const [commas, paddings] = [count('decimal-comma'), count('padding-tissue')];
  const problems: Remark[] = [];
  if (commas)
    problems.push(
      warning(
        'decimal-comma',
        `Numbers of ${commas} of ${files.length} headers are written with a decimal comma, and read as such. Check the pixel size and the distance of slices.`,
      ),
    );
  if (paddings)
    problems.push(
      info(
        'padding',
        `PixelPaddingValue of ${paddings} of ${files.length} images is a value that tissue has, and is not obeyed: those pixels are kept.`,
      ),
    );
  return problems;
}

/** All files of one measured CT: its masks, brought to the grid of its files, in every form that was asked for. */
import { LOBES } from '../../../protocol/names.ts';
import type { Remark } from '../../../protocol/remark.ts';
import type { OwnClass } from '../../../protocol/shownClasses.ts';
import { failure, warning } from '../../base/remarks.ts';
import type { Task } from '../../base/task.ts';
import { UserError } from '../../base/userError.ts';
import { tiltDegrees, uprightGrid } from '../../ct/geometry/gantryTilt.ts';
import { lpsOrder, reorderGrid } from '../../ct/geometry/orientation.ts';
import type { Grid, LabelMap } from '../../ct/geometry/volume.ts';
import { hasWholeLungs } from '../../lungs/lungParts.ts';
import type { DensityRow, MeasurementRow } from '../../lungs/quantification.ts';
import { nearestLabelsOn } from '../fileGrid.ts';
import type { Maker, Mask } from '../mask.ts';
import { LOBE_SEGMENTS, type Segment, textureSegments, WHOLE_LUNG_SEGMENTS } from '../segments.ts';
import type { SourceVoxels } from '../sourceImages.ts';
import { type ContentTime, referredSeries } from './dicom/instance.ts';
import { reportOf } from './dicom/report.ts';
import {
  type SegmentationForm,
  type SegmentationOf,
  segmentationOf,
  segmentationReference,
} from './dicom/segmentation.ts';
import { type MaskFormat, REPORT_NAME, SEGMENTATION_ENDINGS, VOLUME_WRITERS } from './formats.ts';

export interface MaskRequest {
  readonly patient: string;
  /** As measured: on one grid, whose axes run to the left, the back and the head. */
  readonly lobes: LabelMap;
  readonly textures: LabelMap;
  /** Classes of the textures that the model brings beside the six. */
  readonly ownClasses: readonly OwnClass[];
  /** Of all, those that the model knows. */
  readonly knownClasses: readonly string[];
  readonly makers: { readonly lobes: Maker; readonly textures: Maker };
  readonly measurements: readonly MeasurementRow[];
  readonly density: readonly DensityRow[];
  readonly voxels: SourceVoxels;
  readonly formats: readonly MaskFormat[];
  /** When it is written. */
  readonly now: ContentTime;
  /** DICOM files that are there already, by the UID of their instance: what is the same keeps its date. */
  readonly before: Readonly<Record<string, ContentTime>>;
}

export interface MaskFile {
  /** Without a folder. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

export interface MaskFiles {
  readonly files: readonly MaskFile[];
  /** Why a form could not be written, where others could; and who will not be able to read one. */
  readonly problems: readonly Remark[];
}

/** Throws a UserError where the CT's files no longer lie as they did. */
export async function maskFilesOf(request: MaskRequest, task: Task): Promise<MaskFiles> {
  const masks = await masksOf(request, task);
  const files: MaskFile[] = [];
  for (const format of ['nifti', 'nrrd', 'mha'] as const) {
    if (!request.formats.includes(format)) continue;
    const { ending, write } = VOLUME_WRITERS[format];
    for (const mask of Object.values(masks)) files.push({ name: mask.title + ending, bytes: await write(mask) });
  }
  const problems = shearedNifti(request);
  try {
    files.push(...(await dicomFilesOf(request, masks)));
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push(failure(error.code, `No DICOM masks were written: ${error.message}`));
  }
  return { files, problems };
}

/** ITK, and what is built on it, opens no NIfTI whose axes are not at right angles. */
function shearedNifti({ formats, voxels }: MaskRequest): Remark[] {
  if (!formats.includes('nifti') || tiltDegrees(voxels.grid) === 0) return [];
  return [
    warning(
      'gantry-tilt',
      'The gantry was tilted, and its masks lie as the slices were scanned. 3D Slicer and ITK-SNAP open no NIfTI of such a stack (nibabel does): write them as `nrrd` for those.',
    ),
  ];
}

type Masks = Readonly<Record<'lobes' | 'textures', Mask>>;

async function masksOf(request: MaskRequest, task: Task): Promise<Masks> {
  const { grid } = request.voxels;
  refuseOtherGrid(request.lobes, grid);
  const brought = async (map: LabelMap) => ({ ...grid, labels: await nearestLabelsOn(map, grid, task) });
  const known = new Set(request.knownClasses);
  const lungParts = lungPartsOf(request.lobes);
  return {
    lobes: {
      ...(await brought(lungParts.map)),
      title: 'lobes',
      segments: lungParts.segments.map((segment, n) => ({ ...segment, value: n + 1 })),
      maker: request.makers.lobes,
    },
    textures: {
      ...(await brought(request.textures)),
      title: 'textures',
      segments: textureSegments(request.ownClasses)
        .map((segment, n) => ({ ...segment, value: n + 1 }))
        .filter(({ name }) => known.has(name)),
      maker: request.makers.textures,
    },
  };
}

/** Lobes as they are; whole lungs are labels 1 and 2 in files, as lungmask has them. */
function lungPartsOf(map: LabelMap): { readonly map: LabelMap; readonly segments: readonly Segment[] } {
  if (!hasWholeLungs(map.labels)) return { map, segments: LOBE_SEGMENTS };
  const labels = map.labels.map((label) => (label > LOBES.length ? label - LOBES.length : 0));
  return { map: { ...map, labels }, segments: WHOLE_LUNG_SEGMENTS };
}

/** Of affines, in mm: less than any voxel, more than rounding. */
const SAME_PLACE_MM = 0.01;

/** What was measured has to be what the files still hold. */
function refuseOtherGrid(measured: Grid, files: Grid): void {
  const upright = uprightGrid(files);
  const turned = reorderGrid(upright, lpsOrder(upright.affine));
  const same =
    turned.size.every((count, axis) => count === measured.size[axis]) &&
    turned.affine.every((value, n) => Math.abs(value - measured.affine[n]!) < SAME_PLACE_MM);
  if (same) return;
  throw new UserError(
    'ct-changed',
    'The files of this CT no longer lie where they did when it was measured. Run the cells from `load` on again.',
  );
}

async function dicomFilesOf(request: MaskRequest, masks: Masks): Promise<MaskFile[]> {
  const { formats, patient, now, before, voxels } = request;
  const forms = formsOf(formats);
  if (forms.length === 0) return [];
  const series = referredSeries(voxels.dicom);
  const contentTime = (uid: string) => before[uid] ?? now;
  const files: MaskFile[] = [];
  for (const form of forms)
    for (const mask of Object.values(masks)) {
      const of: SegmentationOf = { mask, series, patient, form };
      const bytes = await segmentationOf(of, contentTime(segmentationReference(of).sopInstanceUid));
      files.push({ name: mask.title + SEGMENTATION_ENDINGS[form], bytes });
    }
  if (formats.includes('sr')) {
    const reference = (mask: Mask) => segmentationReference({ mask, series, patient, form: forms[0]! });
    const references = { lobes: reference(masks.lobes), textures: reference(masks.textures) };
    files.push({ name: REPORT_NAME, bytes: reportOf({ ...request, series, ...references }, contentTime) });
  }
  return files;
}

/** A report refers to a segmentation, which is written with it. */
function formsOf(formats: readonly MaskFormat[]): SegmentationForm[] {
  const binary = formats.includes('seg') || (formats.includes('sr') && !formats.includes('seg-labelmap'));
  return [
    ...(binary ? (['binary'] as const) : []),
    ...(formats.includes('seg-labelmap') ? (['labelmap'] as const) : []),
  ];
}

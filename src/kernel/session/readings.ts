/** Answers what a reading room asks: the session that a cell has prepared, and the slices of its cases, which say nothing of whose they are. */
import { createHash } from 'node:crypto';
import { HU_WINDOWS } from '../../protocol/hounsfield.ts';
import type {
  PreparedReading,
  ReadingCaseReply,
  ReadingCaseRequest,
  ReadingReply,
  ReadingRequest,
} from '../../protocol/reading/room.ts';
import { caseLabel } from '../../protocol/reading/scores.ts';
import type { SingleSliceView } from '../../protocol/view.ts';
import { unattended } from '../base/task.ts';
import { UserError } from '../base/userError.ts';
import type { Reading } from '../values/reading.ts';
import type { SliceQuestion } from '../views/sliceQuestion.ts';
import { overlayOf, sliceView, type ViewerContext } from '../views/sliceView.ts';
import type { ViewerSource } from '../views/viewerSource.ts';
import { orProblem } from './orProblem.ts';

export function createReadings(context: Omit<ViewerContext, 'task'>) {
  const readings = new Map<string, Reading>();

  async function caseOf(reading: Reading, question: SliceQuestion, place: number): Promise<SingleSliceView> {
    let source: ViewerSource | undefined;
    const keepViewer = (_: string, own: ViewerSource) => {
      source = own;
    };
    const view = await sliceView(question, { ...context, keepViewer, task: unattended });
    // The handle that other viewers of this CT have would tell that two cases are one.
    const handle = createHash('sha256')
      .update(`${view.handle} ${reading.name} ${place} ${secret}`)
      .digest('hex')
      .slice(0, 24);
    if (source) context.keepViewer(handle, source);
    return blinded(view, place, handle);
  }
  /** So that nobody finds a case by its handle. */
  const secret = crypto.randomUUID();

  return {
    keep: (reading: Reading) => void readings.set(reading.name, reading),
    prepared({ name }: ReadingRequest): ReadingReply {
      const reading = readings.get(name);
      return reading ? { reading: preparedOf(reading) } : NOT_PREPARED;
    },
    /** Rejects where the slices cannot be had: why, names files and patients, and is for no reader. */
    async slices({ name, case: place, ai }: ReadingCaseRequest): Promise<ReadingCaseReply> {
      const reading = readings.get(name);
      if (!reading) return NOT_PREPARED;
      const asked = await orProblem(async () => ({ question: questionOf(reading, place, ai) }));
      return 'problem' in asked ? asked : { view: await caseOf(reading, asked.question, place) };
    },
  };
}

const NOT_PREPARED = { problem: 'The cell that prepares this reading has not run.' };

function preparedOf({ name, path, session, blocked, truths, said, material }: Reading): PreparedReading {
  const byCase = <T>(
    of: ReadonlyMap<string, ReadonlyMap<string, T>>,
    isMeant: (one: (typeof session.cases)[number]) => boolean,
  ) =>
    Object.fromEntries(
      session.cases.filter(isMeant).map((one) => [one.case, Object.fromEntries(of.get(caseLabel(one)) ?? [])] as const),
    );
  return {
    reader: name,
    path,
    session,
    ...(blocked === undefined ? {} : { blocked }),
    material,
    truths: byCase(truths, ({ calibration }) => calibration),
    said: byCase(said, ({ asks }) => asks !== undefined),
  };
}

/** Throws a UserError where the CT is not there any more, or was not measured. Whose it is, is not said. */
function questionOf({ session, series, overlay }: Reading, place: number, ai: boolean): SliceQuestion {
  const planned = session.cases[place - 1];
  const found = planned && series.get(caseLabel(planned));
  if (!planned || found?.id !== planned.series)
    throw new UserError(
      'unknown-patient',
      `The CT of case ${place} is not in the cohort any more. Go on to the next case, and tell whoever planned the study.`,
    );
  const measured = overlay?.value.measured.find(
    (one) => one.patient === planned.patient && one.series.id === planned.series,
  );
  if (ai && (!overlay || !measured))
    throw new UserError(
      'not-measured',
      `The CT of case ${place} was not measured. Go on to the next case, and tell whoever planned the study.`,
    );
  return {
    patient: planned.patient,
    series: found,
    overlay: ai && overlay && measured ? { ...overlayOf(overlay.value, measured), name: overlay.name } : undefined,
    plane: 'axial',
    index: undefined,
    window: HU_WINDOWS.lung,
  };
}

/** The slices and no more: no label, no scanner or hospital's kernel, no flag; the textures and their report where they are shown. */
function blinded(view: SingleSliceView, place: number, handle: string): SingleSliceView {
  const { type, sliceCounts, plane, index, window, overlay, overlayName, report, axialPercent, ownClasses, slices } =
    view;
  return {
    type,
    title: '',
    patient: `case ${place}`,
    series: '',
    handle,
    sliceCounts,
    plane,
    index,
    window,
    overlay,
    facts: [],
    slices,
    ...(overlay && overlayName !== undefined ? { overlayName } : {}),
    ...(overlay && report ? { report } : {}),
    ...(overlay && axialPercent ? { axialPercent } : {}),
    ...(overlay && ownClasses ? { ownClasses } : {}),
  };
}

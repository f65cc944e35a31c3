/** The slices of a patient who was chosen in a figure or a table, below it. */
import type { JSX } from 'preact';
import type { PatientSlicesReply } from '../../protocol/kernelApi.ts';
import { Button } from '../controls.tsx';
import type { Messaging } from '../messaging.ts';
import { SliceViewer } from './sliceViewer.tsx';

export interface Opened {
  readonly patient: string;
  readonly class: string;
  readonly region: string;
  /** Undefined while it is on its way. */
  readonly reply: PatientSlicesReply | undefined;
}

export function OpenedSlices({
  opened: { patient, reply },
  messaging,
  onClose,
}: {
  readonly opened: Opened;
  readonly messaging: Messaging;
  readonly onClose: () => void;
}): JSX.Element {
  return (
    <div class="opened-slices" data-testid="opened-slices">
      <div class="toolbar">
        <b>{patient}</b>
        <Button label="Close" testId="close-slices" onClick={onClose} />
      </div>
      {!reply && <p class="note">Fetching the slices …</p>}
      {reply && 'problem' in reply && (
        <p class="note" role="alert">
          {reply.problem}
        </p>
      )}
      {reply && 'view' in reply && (
        <SliceViewer key={`${reply.view.handle} ${reply.view.index}`} view={reply.view} messaging={messaging} />
      )}
    </div>
  );
}

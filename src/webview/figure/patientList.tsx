/** The patients of a figure: those that are selected, or all to choose from, the most discordant first; a click opens a patient's slices. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { PatientSlicesReply } from '../../protocol/kernelApi.ts';
import type { Region } from '../../protocol/names.ts';
import type { LinkedPanel, LinkedPatients } from '../../protocol/view.ts';
import { Button, Choice } from '../controls.tsx';
import type { Messaging } from '../messaging.ts';
import { SliceViewer } from '../viewer/sliceViewer.tsx';

type Row = LinkedPanel['rows'][number];

const discordance = (row: Row) => Math.abs(row.leftCategory - row.rightCategory);
const byDiscordance = (a: Row, b: Row) =>
  discordance(b) - discordance(a) || a.patient.localeCompare(b.patient, 'en', { numeric: true });

interface Opened {
  readonly patient: string;
  readonly class: string;
  readonly region: Region;
  /** Undefined while it is on its way. */
  readonly reply: PatientSlicesReply | undefined;
}

export function PatientList({
  linked,
  panel,
  onPanel,
  messaging,
}: {
  readonly linked: LinkedPatients;
  /** The panel whose values are listed. */
  readonly panel: number;
  readonly onPanel: (panel: number) => void;
  readonly messaging: Messaging;
}): JSX.Element {
  const { selection } = messaging;
  const { handle, names, panels } = linked;
  const [choosing, setChoosing] = useState(false);
  const [opened, setOpened] = useState<Opened>();
  const { class: name, region, rows } = panels[panel]!;
  const selected = rows.filter((row) => selection.patients.has(row.patient));
  const listed = [...(choosing ? rows : selected)].sort(byDiscordance);
  const count = (some: readonly Row[]) => new Set(some.map(({ patient }) => patient)).size;
  const open = async ({ patient, lobe }: Row) => {
    if (handle === undefined) return;
    const wanted = { patient, class: name, region: lobe ?? region };
    setOpened({ ...wanted, reply: undefined });
    const reply = await messaging.requestPatient({ handle, ...wanted });
    setOpened((now) =>
      now?.patient === patient && now.class === name && now.region === wanted.region ? { ...wanted, reply } : now,
    );
  };
  return (
    <section class="patients" data-testid="patients" aria-label="Patients of this figure">
      <div class="toolbar">
        <span role="status">
          {selected.length
            ? `${count(selected)} of ${count(rows)} patients selected`
            : 'Click or lasso points to see their patients.'}
        </span>
        <Button
          label="Choose from a list"
          pressed={choosing}
          testId="choose-patients"
          onClick={() => setChoosing(!choosing)}
        />
        {selected.length > 0 && (
          <Button label="Clear selection" testId="clear-selection" onClick={() => selection.set([])} />
        )}
        {listed.length > 0 && panels.length > 1 && (
          <Choice
            label="Class whose values are listed"
            value={String(panel)}
            options={panels.map((p, n) => ({ value: String(n), label: p.class }))}
            onChange={(n) => onPanel(Number(n))}
          />
        )}
      </div>
      {listed.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
        <section class="scroll" tabIndex={0} aria-label="Patients, the most discordant first">
          <table>
            <thead>
              <tr>
                {choosing && <th scope="col">Selected</th>}
                <th scope="col">Patient</th>
                <th scope="col" class="number">
                  {names.left} ({name})
                </th>
                <th scope="col" class="number">
                  {names.right} ({name})
                </th>
                <th scope="col" class="number">
                  Categories apart
                </th>
                {handle !== undefined && <th scope="col">Slices</th>}
              </tr>
            </thead>
            <tbody>
              {listed.map((row) => (
                <tr
                  key={`${row.patient} ${row.lobe ?? ''}`}
                  class={
                    opened?.patient === row.patient && opened.region === (row.lobe ?? region) ? 'opened' : undefined
                  }
                >
                  {choosing && (
                    <td>
                      <input
                        type="checkbox"
                        checked={selection.patients.has(row.patient)}
                        aria-label={`Select ${row.patient}`}
                        onChange={() => selection.toggle(row.patient)}
                      />
                    </td>
                  )}
                  <td>{row.lobe ? `${row.patient}, ${row.lobe}` : row.patient}</td>
                  <td class="number">{shown(row.left)}</td>
                  <td class="number">{shown(row.right)}</td>
                  <td class="number">{discordance(row)}</td>
                  {handle !== undefined && (
                    <td>
                      <button
                        type="button"
                        class="link"
                        data-testid={`open-${row.patient}`}
                        aria-label={`Show slices of ${row.patient} with most ${name}`}
                        onClick={() => void open(row)}
                      >
                        Show
                      </button>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {handle === undefined && listed.length > 0 && (
        <p class="note">These values were read from tables: there are no CTs to show.</p>
      )}
      {opened && <OpenedSlices opened={opened} messaging={messaging} onClose={() => setOpened(undefined)} />}
    </section>
  );
}

function OpenedSlices({
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

/** A score as it is, a percentage with a decimal. */
function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}

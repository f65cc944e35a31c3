/** The patients of a figure: those that are selected, or all to choose from, the most discordant first where they are compared; a click opens a patient's slices. */
import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PatientSlicesReply, PatientSlicesRequest } from '../../protocol/kernelApi.ts';
import type { LinkedPanel, LinkedPatients } from '../../protocol/view.ts';
import { classInText, classLabel } from '../../protocol/words/displayNames.ts';
import { formatNumber } from '../../protocol/words/formatCell.ts';
import { Button, Choice } from '../controls.tsx';
import type { Messaging } from '../messaging.ts';
import { Space } from '../table/space.tsx';
import { useWindow } from '../table/useWindow.ts';
import { isTouched } from '../touch.ts';
import { type Opened, OpenedSlices } from '../viewer/openedSlices.tsx';

type Row = LinkedPanel['rows'][number];

/** Undefined where nothing is compared by categories. */
const discordance = ({ leftCategory, rightCategory }: Row) =>
  leftCategory === undefined || rightCategory === undefined ? undefined : Math.abs(leftCategory - rightCategory);
const inNaturalOrder = new Intl.Collator('en', { numeric: true }).compare;
const byDiscordance = (a: Row, b: Row) =>
  (discordance(b) ?? 0) - (discordance(a) ?? 0) || inNaturalOrder(a.patient, b.patient);

/** A point is a patient; a cell is several. */
export type Marks = 'points' | 'cells';

export function PatientList({
  linked,
  marks,
  panel,
  onPanel,
  messaging,
}: {
  readonly linked: LinkedPatients;
  /** What stands for patients in the figure. */
  readonly marks: Marks;
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
  const chosen = selection.patients.value;
  const isSelected = ({ patient }: Row) => chosen.has(patient);
  const selected = useMemo(() => rows.filter(({ patient }) => chosen.has(patient)), [rows, chosen]);
  const shownRows = choosing ? rows : selected;
  const listed = useMemo(() => [...shownRows].sort(byDiscordance), [shownRows]);
  const wantedOf = ({ patient, lobe, slice }: Row) => ({
    patient,
    class: name,
    region: lobe ?? region,
    ...(slice === undefined ? {} : { slice }),
  });
  const isOpenable = ({ patient }: Row) => handle !== undefined && (messaging.leadsTo?.(handle, { patient }) ?? true);
  const fetched = useFetchedAhead(messaging, handle, choosing ? [] : listed.filter(isOpenable).map(wantedOf));
  const open = async (row: Row) => {
    if (handle === undefined) return;
    const { patient } = row;
    const wanted = wantedOf(row);
    setOpened({ ...wanted, reply: undefined });
    const reply = await fetched({ handle, ...wanted });
    setOpened((now) =>
      now?.patient === patient && now.class === name && now.region === wanted.region ? { ...wanted, reply } : now,
    );
  };
  return (
    <section class="patients" data-testid="patients" aria-label="Patients of this figure">
      <div class="toolbar">
        <span role="status">{selectedInWords(selected, rows, marks)}</span>
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
            options={panels.map((p, n) => ({ value: String(n), label: classLabel(p.class) }))}
            onChange={(n) => onPanel(Number(n))}
          />
        )}
      </div>
      {listed.length > 0 && (
        <PatientTable
          rows={listed}
          names={names}
          of={classInText(name)}
          isOpened={(row) => opened?.patient === row.patient && opened.region === (row.lobe ?? region)}
          isSelected={isSelected}
          onToggle={choosing ? ({ patient }) => selection.toggle(patient) : undefined}
          onOpen={listed.some(isOpenable) ? (row) => void open(row) : undefined}
          isOpenable={isOpenable}
        />
      )}
      {handle === undefined && listed.length > 0 && (
        <p class="note">These values were read from tables: there are no CTs to show.</p>
      )}
      {opened && <OpenedSlices opened={opened} messaging={messaging} onClose={() => setOpened(undefined)} />}
    </section>
  );
}

/** A kernel has that many CTs at hand; of more patients nobody can tell which one is wanted. */
const FETCHED_AHEAD = 2;

/** Slices of the few patients that were just chosen are on their way before they are asked for. */
function useFetchedAhead(
  { requestPatient }: Messaging,
  handle: string | undefined,
  listed: readonly Omit<PatientSlicesRequest, 'handle'>[],
): Messaging['requestPatient'] {
  const replies = useRef(new Map<string, Promise<PatientSlicesReply>>());
  const few = handle === undefined || listed.length > FETCHED_AHEAD ? [] : listed;
  const keys = JSON.stringify(few);
  useEffect(() => {
    const wanted = few.map((place) => ({ handle: handle!, ...place }));
    const ahead = wanted.map((request) => {
      const key = JSON.stringify(request);
      return [key, replies.current.get(key) ?? requestPatient(request)] as const;
    });
    replies.current = new Map(ahead);
  }, [handle, keys, requestPatient]);
  return async (request) => {
    const key = JSON.stringify(request);
    const reply = await replies.current.get(key);
    // A cell may have run since it could not be had.
    return reply && 'view' in reply ? reply : requestPatient(request);
  };
}

function selectedInWords(selected: readonly Row[], all: readonly Row[], marks: Marks): string {
  const count = (some: readonly Row[]) => new Set(some.map(({ patient }) => patient)).size;
  if (selected.length) return `${count(selected)} of ${count(all)} patients selected`;
  const choose = isTouched() ? 'Tap' : 'Click';
  return `${choose} ${marks === 'cells' ? 'cells' : isTouched() ? 'points' : 'or lasso points'} to see their patients.`;
}

interface TableProps {
  readonly rows: readonly Row[];
  readonly names: LinkedPatients['names'];
  /** The class whose values are listed. */
  readonly of: string;
  readonly isOpened: (row: Row) => boolean;
  readonly isSelected: (row: Row) => boolean;
  /** Absent where patients are not chosen in the table. */
  readonly onToggle: ((row: Row) => void) | undefined;
  /** Absent where there are no slices to show. */
  readonly onOpen: ((row: Row) => void) | undefined;
  /** Whether there are slices of this one. */
  readonly isOpenable: (row: Row) => boolean;
}

function PatientTable({ rows, names, of, onToggle, onOpen, ...states }: TableProps): JSX.Element {
  const isCompared = rows.some((row) => discordance(row) !== undefined);
  const scroller = useRef<HTMLElement>(null);
  const { first, end, above, below } = useWindow(scroller, rows.length);
  return (
    <section
      class="scroll"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      aria-label={isCompared ? 'Patients, the most discordant first' : 'Patients'}
      ref={scroller}
    >
      <table aria-rowcount={rows.length + 1}>
        <thead>
          <tr>
            {onToggle && <th scope="col">Selected</th>}
            <th scope="col">Patient</th>
            <th scope="col" class="number">
              {names.left} ({of})
            </th>
            <th scope="col" class="number">
              {names.right} ({of})
            </th>
            {isCompared && (
              <th scope="col" class="number">
                Categories apart
              </th>
            )}
            {onOpen && <th scope="col">Slices</th>}
          </tr>
        </thead>
        <tbody>
          {above > 0 && <Space height={above} />}
          {rows.slice(first, end).map((row, n) => (
            <PatientRow
              key={`${row.patient} ${row.lobe ?? ''}`}
              row={row}
              index={first + n}
              of={of}
              onToggle={onToggle}
              onOpen={onOpen}
              {...states}
            />
          ))}
          {below > 0 && <Space height={below} />}
        </tbody>
      </table>
    </section>
  );
}

function PatientRow({
  row,
  index,
  of,
  isOpened,
  isSelected,
  isOpenable,
  onToggle,
  onOpen,
}: Omit<TableProps, 'rows' | 'names'> & { readonly row: Row; readonly index: number }): JSX.Element {
  const { patient, lobe, left, right } = row;
  return (
    <tr class={isOpened(row) ? 'opened' : undefined} aria-rowindex={index + 2}>
      {onToggle && (
        <td>
          <label class="check">
            <input
              type="checkbox"
              checked={isSelected(row)}
              aria-label={`Select ${patient}`}
              onChange={() => onToggle(row)}
            />
          </label>
        </td>
      )}
      <td>{lobe ? `${patient}, ${lobe}` : patient}</td>
      <td class="number">{shown(left)}</td>
      <td class="number">{shown(right)}</td>
      {discordance(row) !== undefined && <td class="number">{discordance(row)}</td>}
      {onOpen && (
        <td>
          {isOpenable(row) && (
            <button
              type="button"
              class="link"
              data-testid={`open-${patient}`}
              aria-label={`Show slices of ${patient} with most ${of}`}
              onClick={() => onOpen(row)}
            >
              Show
            </button>
          )}
        </td>
      )}
    </tr>
  );
}

/** A score as it is, a percentage with a decimal. */
function shown(value: number): string {
  return formatNumber(value, Number.isInteger(value) ? 0 : 1);
}

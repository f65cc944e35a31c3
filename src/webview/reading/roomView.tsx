/** One screen: the case, the form beside it, and the way on. */
import MarkdownIt from 'markdown-it';
import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { fieldKey } from '../../protocol/reading/form.ts';
import type { FromRoom } from '../../protocol/reading/room.ts';
import { Button } from '../controls.tsx';
import type { Messaging } from '../messaging.ts';
import { SliceViewer } from '../viewer/sliceViewer.tsx';
import { neighbour, ROOM_KEYS, typed } from './roomKeys.ts';
import type { Room } from './roomState.ts';
import { goOn, ScoringForm } from './scoringForm.tsx';
import { fieldText } from './words.ts';

export interface RoomViewProps {
  readonly room: Room;
  readonly messaging: Messaging;
  readonly post: (message: FromRoom) => void;
}

export function RoomView({ room, messaging, post }: RoomViewProps): JSX.Element {
  const closed = room.closed.value;
  if (closed)
    return (
      <section class="room closed" data-testid="room-closed">
        <h1>Reading</h1>
        <p role="status">{closed.text}</p>
        {closed.action && (
          <Focused key={closed.action.label}>
            <Button
              label={closed.action.label}
              primary
              testId="room-action"
              onClick={() => post({ type: closed.action!.does })}
            />
          </Focused>
        )}
      </section>
    );
  const over = room.over.value;
  if (over)
    return (
      <section class="room closed" data-testid="room-over">
        <h1>All {over.of} cases are read</h1>
        <p role="status">Thank you. Every answer is in the file; you can close this window.</p>
        <Button label="Look Through the Cases" testId="look-through" onClick={() => room.goTo(1)} />
      </section>
    );
  return <Reading room={room} messaging={messaging} />;
}

/** A button that Enter presses at once: there is nothing else to do. */
function Focused({ children }: { readonly children: ComponentChildren }): JSX.Element {
  const around = useRef<HTMLSpanElement>(null);
  // Before it is painted: a key that is pressed as soon as it is seen is for it already.
  useLayoutEffect(() => around.current?.querySelector<HTMLElement>('vscode-button')?.focus(), []);
  return <span ref={around}>{children}</span>;
}

function Reading({ room, messaging }: Omit<RoomViewProps, 'post'>): JSX.Element {
  const [isHelpOpen, setHelpOpen] = useState(false);
  const [isManualOpen, setManualOpen] = useState(false);
  const manual = room.form.value?.material.manual;
  const section = useRef<HTMLElement>(null);
  const press = useKeys(room, {
    toggleHelp: () => setHelpOpen((is) => !is),
    toggleManual: () => setManualOpen((is) => manual !== undefined && !is),
    close: () => {
      setHelpOpen(false);
      setManualOpen(false);
    },
  });
  // Of the whole page, whatever has the focus, and before the viewer hears of them: digits and arrows are the form's, wherever the last click was.
  // Before it is painted: a key that is pressed as soon as the case is seen is heard.
  useLayoutEffect(() => {
    const hear = (event: KeyboardEvent) => press(event, section.current);
    window.addEventListener('keydown', hear, { capture: true });
    return () => window.removeEventListener('keydown', hear, { capture: true });
  }, [press]);
  return (
    <section class="room" ref={section} data-testid="reading-room" aria-label="Reading room">
      <Bar
        room={room}
        hasManual={manual !== undefined}
        onHelp={() => setHelpOpen(!isHelpOpen)}
        onManual={() => setManualOpen(!isManualOpen)}
      />
      <div class="desk">
        <Slices room={room} messaging={messaging} />
        <div class="beside">
          {isManualOpen && manual !== undefined ? <Manual text={manual} /> : <ScoringForm room={room} />}
          <Missing room={room} />
        </div>
        {isHelpOpen && <RoomHelp onClose={() => setHelpOpen(false)} />}
      </div>
    </section>
  );
}

interface BarProps {
  readonly room: Room;
  readonly hasManual: boolean;
  readonly onHelp: () => void;
  readonly onManual: () => void;
}

function Bar({ room, hasManual, onHelp, onManual }: BarProps): JSX.Element {
  const at = room.at.value;
  return (
    <header class="bar">
      <h1 data-testid="case-number">{at ? `Case ${at.case} of ${at.of}` : 'Reading'}</h1>
      {at && <span class="kind">{kindOf(room)}</span>}
      <span class="saving" data-testid="saving" role="status">
        <SavingState room={room} />
      </span>
      <span class="buttons">
        {hasManual && <Button label="Manual" title="The reading manual (H)" testId="manual" onClick={onManual} />}
        <Button label="?" title="Keys (?)" testId="room-help" onClick={onHelp} />
        <Button
          label="Back"
          title="The case before (Shift Enter)"
          testId="room-back"
          disabled={!at || at.case === 1}
          onClick={() => at && room.goTo(at.case - 1)}
        />
        <Button label="Next" title="On (Enter)" primary testId="room-next" onClick={room.next} />
      </span>
    </header>
  );
}

function kindOf({ at, form }: Room): string {
  const now = at.value;
  if (!now) return '';
  if (now.truth) return 'For practice: the right answers are shown. Next goes on.';
  const practice = now.calibration ? 'For practice' : '';
  if (now.isSecondLook) return [practice, 'Again, with the measurements'].filter(Boolean).join('. ');
  if (practice) return practice;
  if (form.value?.isConsensus) return 'Consensus';
  return now.ai ? 'With the measurements' : '';
}

function SavingState({ room }: { readonly room: Room }): JSX.Element {
  const saving = room.saving.value;
  if (saving.is === 'unsaved') return <strong>{saving.text}</strong>;
  return <>{saving.is === 'saved' ? 'Saved' : 'Saving …'}</>;
}

function Slices({ room, messaging }: Omit<RoomViewProps, 'post'>): JSX.Element {
  const at = room.at.value;
  const reply = room.slices.value;
  if (!at || !reply)
    return (
      <p class="loading" role="status">
        The case is being loaded …
      </p>
    );
  if ('problem' in reply)
    return (
      <p class="loading" role="alert" data-testid="no-case">
        {reply.problem}
      </p>
    );
  return <SliceViewer view={{ ...reply.view, title: `Case ${at.case}` }} messaging={messaging} fills />;
}

/** Told before a case is left, and no obstacle. */
function Missing({ room }: { readonly room: Room }): JSX.Element {
  const missing = room.unanswered.value;
  const questions = new Set(room.form.value?.form.questions.map(({ name }) => name));
  const isTold = room.isWarned.value && missing.length > 0;
  return (
    <p class="missing-fields" role="status" data-testid="unanswered">
      {isTold &&
        `Not answered yet: ${missing
          .slice(0, 6)
          .map((field) => fieldText(field, questions.has(field.class)))
          .join('; ')}${missing.length > 6 ? ` and ${missing.length - 6} more` : ''}. Next once more goes on without.`}
    </p>
  );
}

/** A study's own manual may come from anyone: its HTML is shown as text. */
const markdown = new MarkdownIt({ html: false, linkify: false });

function Manual({ text }: { readonly text: string }): JSX.Element {
  return (
    <section
      class="manual"
      aria-label="Reading manual"
      data-testid="manual-text"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keys scroll it
      tabIndex={0}
      // markdown-it escapes all HTML of the text.
      dangerouslySetInnerHTML={{ __html: markdown.render(text) }}
    />
  );
}

function RoomHelp({ onClose }: { readonly onClose: () => void }): JSX.Element {
  return (
    <section class="room-help" aria-label="Keys of the reading room" data-testid="room-keys">
      <h2>Keys</h2>
      <table>
        <tbody>
          {ROOM_KEYS.map(([keys, does]) => (
            <tr key={keys}>
              <th scope="row">{keys}</th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Button label="Close" testId="close-room-help" onClick={onClose} />
    </section>
  );
}

interface Toggles {
  readonly toggleHelp: () => void;
  readonly toggleManual: () => void;
  readonly close: () => void;
}

const ARROWS: ReadonlyMap<string, 'left' | 'right' | 'up' | 'down'> = new Map([
  ['ArrowLeft', 'left'],
  ['ArrowRight', 'right'],
  ['ArrowUp', 'up'],
  ['ArrowDown', 'down'],
]);
/** What is written or chosen in has its keys for itself. */
const OWN_KEYS = 'textarea, input, select, vscode-dropdown';
const PRESSED = 'button, vscode-button, vscode-checkbox, summary';

function useKeys(room: Room, toggles: Toggles): (event: KeyboardEvent, section: Element | null) => void {
  /** Digits that were typed into one field one after another. */
  const digits = useRef<{ readonly key: string; readonly text: string }>({ key: '', text: '' });
  return (event, section) => {
    // Those that were handed on to the pictures come by here again.
    if (!event.isTrusted || event.ctrlKey || event.metaKey) return;
    const [target] = event.composedPath();
    const isIn = (selector: string) => target instanceof Element && target.closest(selector) !== null;
    if (isIn(OWN_KEYS)) {
      if (event.key !== 'Escape') return;
      focusForm(room);
      return taken(event);
    }
    if (event.key === 'Enter' && isIn(PRESSED)) return;
    if (doneBy(event, room, toggles, digits)) return taken(event);
    if (forViewer(event, isIn('.viewer'), section)) taken(event);
  };
}

function taken(event: KeyboardEvent): void {
  event.preventDefault();
  event.stopPropagation();
}

/** True where the key does something in the form. */
function doneBy(
  { key, altKey, shiftKey }: KeyboardEvent,
  room: Room,
  { toggleHelp, toggleManual, close }: Toggles,
  digits: { current: { readonly key: string; readonly text: string } },
): boolean {
  if (altKey) return false;
  const current = room.current.peek() ?? '';
  const field = room.fields.peek().find((one) => fieldKey(one) === current);
  const arrow = shiftKey ? undefined : ARROWS.get(key);
  if (arrow) {
    const beside = neighbour(room, arrow);
    if (beside) room.current.value = fieldKey(beside);
    return true;
  }
  const answered = field && typed(key, field.answer, digits.current.key === current ? digits.current.text : '');
  if (answered) {
    room.answer(current, answered.value);
    digits.current = answered.isWhole ? { key: '', text: '' } : { key: current, text: String(answered.value) };
    if (answered.isWhole) goOn(room);
    return true;
  }
  // A digit that is on no scale is a slip, and changes no window.
  if (/^\d$/.test(key)) return true;
  digits.current = { key: '', text: '' };
  switch (key) {
    case 'Delete':
    case 'Backspace':
      room.answer(current, null);
      return true;
    case 'Enter': {
      const at = room.at.peek();
      if (!shiftKey) room.next();
      else if (at && at.case > 1) room.goTo(at.case - 1);
      return true;
    }
    case '?':
      toggleHelp();
      return true;
    case 'h':
    case 'H':
      toggleManual();
      return true;
    case 'Escape':
      close();
      return false;
    default:
      return false;
  }
}

/** Keys that the form does not take go to the pictures, wherever the focus is; true where they were sent there. */
function forViewer(event: KeyboardEvent, isInViewer: boolean, section: Element | null): boolean {
  const { key, altKey, shiftKey } = event;
  const pictures = section?.querySelector('.pictures');
  const isTurned = (altKey && /^\d$/.test(key)) || (shiftKey && ARROWS.has(key));
  if (!pictures || key === 'Tab' || key === 'Shift' || key === 'Alt' || (isInViewer && !isTurned)) return false;
  pictures.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
  return true;
}

function focusForm(room: Room): void {
  const first = room.fields.peek().find(({ answer }) => answer.kind !== 'text');
  if (first) room.current.value = fieldKey(first);
}

/** The patients that are selected, shared by all outputs of a notebook. Whoever draws by `patients.value` is drawn again when it changes. */
import { type ReadonlySignal, signal } from '@preact/signals';

export interface Selection {
  readonly patients: ReadonlySignal<ReadonlySet<string>>;
  set(patients: Iterable<string>): void;
  /** As `set`, but the change came from elsewhere and is told to nobody. */
  follow(patients: Iterable<string>): void;
  /** Adds the patient, or takes it out. */
  toggle(patient: string): void;
}

/** `tell` hears of each change. */
export function createSelection(tell: (patients: readonly string[]) => void): Selection {
  const patients = signal<ReadonlySet<string>>(new Set());
  const follow = (wanted: Iterable<string>): boolean => {
    const next = new Set(wanted);
    const before = patients.peek();
    if (next.size === before.size && [...next].every((patient) => before.has(patient))) return false;
    patients.value = next;
    return true;
  };
  const set = (wanted: Iterable<string>) => {
    if (follow(wanted)) tell([...patients.peek()]);
  };
  return {
    patients,
    set,
    follow: (wanted) => void follow(wanted),
    toggle: (patient) => {
      const before = patients.peek();
      set(before.has(patient) ? [...before].filter((p) => p !== patient) : [...before, patient]);
    },
  };
}

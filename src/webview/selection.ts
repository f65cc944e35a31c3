/** The patients that are selected, shared by all outputs of a notebook. */
import { createFollowers, type Followed } from './followed.ts';

export interface Selection extends Followed {
  readonly patients: ReadonlySet<string>;
  set(patients: Iterable<string>): void;
  /** As `set`, but the change came from elsewhere and is told to nobody. */
  follow(patients: Iterable<string>): void;
  /** Adds the patient, or takes it out. */
  toggle(patient: string): void;
}

/** `tell` hears of each change. */
export function createSelection(tell: (patients: readonly string[]) => void): Selection {
  let patients: ReadonlySet<string> = new Set();
  const followers = createFollowers();
  const follow = (wanted: Iterable<string>): boolean => {
    const next = new Set(wanted);
    if (next.size === patients.size && [...next].every((patient) => patients.has(patient))) return false;
    patients = next;
    followers.tell();
    return true;
  };
  const set = (wanted: Iterable<string>) => {
    if (follow(wanted)) tell([...patients]);
  };
  return {
    get patients() {
      return patients;
    },
    subscribe: followers.subscribe,
    set,
    follow: (wanted) => void follow(wanted),
    toggle: (patient) =>
      set(patients.has(patient) ? [...patients].filter((p) => p !== patient) : [...patients, patient]),
  };
}

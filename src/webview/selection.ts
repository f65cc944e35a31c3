/** The patients that are selected, shared by all outputs of a notebook. */

export interface Selection {
  readonly patients: ReadonlySet<string>;
  /** Calls back after each change until the returned function is called. */
  subscribe(callback: () => void): () => void;
  set(patients: Iterable<string>): void;
  /** As `set`, but the change came from elsewhere and is told to nobody. */
  follow(patients: Iterable<string>): void;
  /** Adds the patient, or takes it out. */
  toggle(patient: string): void;
}

/** `tell` hears of each change. */
export function createSelection(tell: (patients: readonly string[]) => void): Selection {
  let patients: ReadonlySet<string> = new Set();
  const callbacks = new Set<() => void>();
  const follow = (wanted: Iterable<string>): boolean => {
    const next = new Set(wanted);
    if (next.size === patients.size && [...next].every((patient) => patients.has(patient))) return false;
    patients = next;
    for (const callback of callbacks) callback();
    return true;
  };
  const set = (wanted: Iterable<string>) => {
    if (follow(wanted)) tell([...patients]);
  };
  return {
    get patients() {
      return patients;
    },
    subscribe(callback) {
      callbacks.add(callback);
      return () => void callbacks.delete(callback);
    },
    set,
    follow: (wanted) => void follow(wanted),
    toggle: (patient) =>
      set(patients.has(patient) ? [...patients].filter((p) => p !== patient) : [...patients, patient]),
  };
}

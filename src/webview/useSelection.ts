/** Draws an output again whenever the selected patients change. */
import { useEffect, useState } from 'preact/hooks';
import type { Selection } from './selection.ts';

export function useSelection(selection: Selection): ReadonlySet<string> {
  const [patients, setPatients] = useState(selection.patients);
  useEffect(() => selection.subscribe(() => setPatients(selection.patients)), [selection]);
  return patients;
}

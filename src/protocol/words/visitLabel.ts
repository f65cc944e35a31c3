/** One visit of a patient, where visits stand beside each other as patients do: `P01, visit 2`. */

export function visitLabel(patient: string, visit: string | number): string {
  return `${patient}, visit ${visit}`;
}

const LABEL = /^(.+), visit \S+$/s;

/** The patient whose visit a label may be of; any other label is that of a patient. */
export function patientOfLabel(label: string): string {
  return LABEL.exec(label)?.[1] ?? label;
}

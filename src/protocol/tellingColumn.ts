/** Columns of a table that, by their names, tell who somebody is beyond a label. */
const TELLING_COLUMN =
  /name|birth|dob|address|phone|e-?mail|mrn|hospital.?(?:no|number|id)|patient.?id$|accession|ssn|nhs|insurance|physician|institution|(?:study|series|exam|scan).?date/i;

export function isTellingColumn(name: string): boolean {
  return TELLING_COLUMN.test(name);
}

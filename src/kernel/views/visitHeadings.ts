/** Headings of the columns that a cohort with several visits has. */
export const VISIT_HEADINGS = {
  visit: { label: 'Visit', kind: 'number', digits: 0 },
  days: { label: 'Days', kind: 'number', digits: 0, description: 'Since the patient’s first visit' },
} as const;

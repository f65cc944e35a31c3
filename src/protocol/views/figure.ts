/** Figures: points and cells are patients, by the list behind them and by what Plotly is given. */
import type { FigureView, LinkedPanel, LinkedPatients } from '../view.ts';
import { handInWords } from '../words/byHand.ts';
import type { PlacesOf } from './places.ts';
import { answersOf, joined, PROVENANCE, type ViewKind } from './viewKind.ts';

const PANEL: PlacesOf<LinkedPanel> = {
  class: 'words',
  region: 'fixed',
  rows: { patient: 'patient', lobe: 'fixed' },
};
const PATIENTS: PlacesOf<LinkedPatients> = {
  handle: 'handle',
  names: { left: 'words', right: 'words' },
  panels: PANEL,
};
const PLACES: PlacesOf<FigureView> = {
  type: 'fixed',
  title: 'words',
  description: 'words',
  data: 'drawing',
  layout: 'drawing',
  patients: PATIENTS,
  notes: 'words',
  provenance: PROVENANCE,
};

export const FIGURE: ViewKind<FigureView> = {
  ...answersOf<FigureView>(PLACES),
  plainText: (view) => joined(view.title, view.description, ...view.notes, handInWords(view.provenance)),
};

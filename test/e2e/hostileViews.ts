/** Outputs of a stranger's notebook, made to attack whoever draws them; and damaged ones. */

/** Sets `reached` wherever it is taken for HTML. */
export const SCRIPT =
  '<img src=x onerror="globalThis.reached=1"><script>globalThis.reached=1</script><a href="javascript:globalThis.reached=1">link</a>';
const table = {
  type: 'table',
  title: SCRIPT,
  columns: [{ name: SCRIPT, label: SCRIPT, kind: 'text', description: SCRIPT }],
  rows: [[SCRIPT], ['=HYPERLINK("http://example.org")']],
  totalRows: 2,
  notes: [SCRIPT],
  messages: [{ severity: 'warning', text: SCRIPT }],
  researchOnly: true,
};
const figure = {
  type: 'figure',
  title: SCRIPT,
  description: SCRIPT,
  data: [
    { type: 'scatter', x: [1], y: [1], text: [SCRIPT], hovertemplate: SCRIPT, name: SCRIPT, mode: 'markers+text' },
  ],
  layout: {
    title: { text: SCRIPT },
    xaxis: { title: { text: SCRIPT } },
    images: [{ source: 'http://127.0.0.1:9/x.png', x: 0, y: 1, sizex: 1, sizey: 1 }],
  },
  notes: [SCRIPT],
};
export const VIEWS: readonly object[] = [
  table,
  figure,
  { type: 'messages', title: SCRIPT, messages: [{ severity: 'info', text: SCRIPT }] },
  { type: 'control', name: SCRIPT, value: SCRIPT, control: { kind: 'text' } },
  // Damaged: parts are missing, or are something else.
  { type: 'table' },
  { type: 'figure', data: 7 },
  { type: 'slices', patient: SCRIPT },
  { type: 'from the future' },
];

/** Whether the page is being printed. */
import { type ReadonlySignal, signal } from '@preact/signals';

const printing = matchMedia('print');
const printed = signal(printing.matches);
printing.addEventListener('change', () => {
  printed.value = printing.matches;
});
addEventListener('beforeprint', () => {
  printed.value = true;
});
addEventListener('afterprint', () => {
  printed.value = false;
});

/** Whoever draws by its value is drawn again before the page goes to paper, and after. */
export const isOnPaper: ReadonlySignal<boolean> = printed;

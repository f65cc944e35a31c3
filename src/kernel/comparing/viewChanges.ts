/** Two states of one result, by its kind. */
import { isDeepStrictEqual } from 'node:util';
import { shownClasses } from '../../protocol/shownClasses.ts';
import type {
  ControlView,
  FigureView,
  LobarReport,
  MessagesView,
  SingleSliceView,
  SliceView,
  ViewModel,
} from '../../protocol/view.ts';
import { flagText } from '../../protocol/views/viewKind.ts';
import { regionLabel } from '../../protocol/words/displayNames.ts';
import { formatNumber } from '../../protocol/words/formatCell.ts';
import { counted } from '../base/counted.ts';
import { type Differences, type Moved, movedSentences, movedTexts, NO_DIFFERENCES, together } from './changes.ts';
import { provenanceChanges } from './provenanceChanges.ts';
import { tableChanges } from './tableChanges.ts';

/** Of two views of the same type; of a type of a newer LungNB, that they differ. */
export function viewChanges(before: ViewModel, after: ViewModel): Differences {
  return together(contentChanges(before, after), provenanceChanges(provenanceOf(before), provenanceOf(after)));
}

export function viewTitle(view: ViewModel): string {
  if (view.type === 'control') return `param ${view.name}`;
  return view.title ?? 'Messages';
}

function provenanceOf(view: ViewModel) {
  return 'provenance' in view ? view.provenance : undefined;
}

function contentChanges(before: ViewModel, after: ViewModel): Differences {
  if (before.type === 'table' && after.type === 'table') return tableChanges(before, after);
  if (before.type === 'figure' && after.type === 'figure') return figureChanges(before, after);
  if (before.type === 'slices' && after.type === 'slices') return sliceChanges(before, after);
  if (before.type === 'control' && after.type === 'control') return controlChanges(before, after);
  if (before.type === 'messages' && after.type === 'messages') return messageChanges(before, after);
  return isDeepStrictEqual(before, after) ? NO_DIFFERENCES : { moved: [], notes: ['It differs.'] };
}

function figureChanges(before: FigureView, after: FigureView): Differences {
  const traces = Math.max(before.data.length, after.data.length);
  const redrawn = Array.from({ length: traces }, (_, n) => n).filter(
    (n) => !isDeepStrictEqual(before.data[n], after.data[n]),
  ).length;
  return {
    moved: movedTexts('What it shows', before.description, after.description),
    notes: [
      ...(redrawn ? [`${redrawn} of ${counted(traces, 'part')} of the figure drawn otherwise.`] : []),
      ...movedSentences(before.notes, after.notes),
    ],
  };
}

function controlChanges(before: ControlView, after: ControlView): Differences {
  return { moved: movedTexts(after.name, String(before.value), String(after.value)), notes: [] };
}

function messageChanges(before: MessagesView, after: MessagesView): Differences {
  const sentences = ({ messages, flags = [] }: MessagesView) => [
    ...messages.map(({ text }) => text),
    ...flags.map(flagText),
  ];
  return { moved: [], notes: movedSentences(sentences(before), sentences(after)) };
}

function sliceChanges(before: SliceView, after: SliceView): Differences {
  const beside = (view: SliceView) => view.beside?.view;
  const [was, is] = [beside(before), beside(after)];
  return together(
    oneCtChanges(before, after),
    was && is ? oneCtChanges(was, is) : { moved: movedTexts('Beside it', was?.title, is?.title), notes: [] },
  );
}

function oneCtChanges(before: SingleSliceView, after: SingleSliceView): Differences {
  const shown = ({ plane, index }: SingleSliceView) => `${plane} ${index + 1}`;
  const text = ({ flags = [] }: SingleSliceView) => flags.map(flagText);
  const isSameSlice = shown(before) === shown(after) && before.title === after.title;
  const redrawn = isSameSlice && !isDeepStrictEqual(before.slices, after.slices);
  return {
    moved: [
      ...movedTexts('Slice', shown(before), shown(after)),
      ...movedTexts('Overlay', before.overlayName, after.overlayName),
      ...reportChanges(before, after),
    ],
    notes: [...(redrawn ? ['The picture differs.'] : []), ...movedSentences(text(before), text(after))],
  };
}

function reportChanges(before: SingleSliceView, after: SingleSliceView): Moved[] {
  const classes = [
    ...new Map([before, after].flatMap((view) => shownClasses(view.ownClasses)).map((one) => [one.name, one])).values(),
  ];
  const rowOf = (report: LobarReport | undefined, region: string) => report?.rows.find((row) => row.region === region);
  const regions = new Set([before, after].flatMap(({ report }) => (report?.rows ?? []).map(({ region }) => region)));
  return [...regions].flatMap((region) => {
    const [was, is] = [rowOf(before.report, region), rowOf(after.report, region)];
    const place = regionLabel(region);
    return [
      ...movedTexts(`${place}: volume (ml)`, written(was?.volumeMl, 0), written(is?.volumeMl, 0)),
      ...classes.flatMap(({ name, label }) =>
        movedTexts(`${place} · ${label} (%)`, written(was?.percent[name], 1), written(is?.percent[name], 1)),
      ),
    ];
  });
}

function written(value: number | null | undefined, digits: number): string {
  return typeof value === 'number' ? formatNumber(value, digits) : '';
}

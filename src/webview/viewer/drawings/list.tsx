/** Below the pictures: everything that is drawn on the CT, with what it measures, and a way to its slice. */
import type { JSX } from 'preact';
import type { Annotation } from '../../../protocol/annotations/annotation.ts';
import { isOutline, lengthMm } from '../../../protocol/annotations/measures.ts';
import type { SingleSliceView } from '../../../protocol/view.ts';
import { formatNumber } from '../../../protocol/words/formatCell.ts';
import { goToSlice } from '../planes.ts';
import type { Viewer } from '../viewer.ts';
import { bodiesOf, type DrawnBody, freshId } from './drawings.ts';
import { areaInWords, bodyValues, huInWords, lengthInWords } from './values.ts';

export function DrawingList({ viewer }: { readonly viewer: Viewer }): JSX.Element | null {
  const { view } = viewer.active.value.series;
  const bodies = bodiesOf(
    viewer.drawings.on(view).filter((one) => one.id !== viewer.drawings.draft.value?.annotation.id),
  );
  if (bodies.length === 0) return null;
  return (
    <div class="drawn-scroll">
      <table class="drawn" data-testid="drawn">
        <caption>Measured on {view.patient}</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Slice</th>
            <th scope="col">Length or area</th>
            <th scope="col">Mean ± SD</th>
            <th scope="col">Volume</th>
            <th scope="col">
              <span class="unseen">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {bodies.map((body) => (
            <Row key={body.key} viewer={viewer} view={view} body={body} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  readonly viewer: Viewer;
  readonly view: SingleSliceView;
  readonly body: DrawnBody;
}

function Row({ viewer, view, body }: RowProps): JSX.Element {
  const { drawings } = viewer;
  const isSelected = body.parts.some(({ id }) => id === drawings.selected.value);
  const { size, hu, volume } = wordsOf({ viewer, view, body });
  return (
    <tr class={isSelected ? 'chosen' : undefined} data-testid="drawn-row" data-name={body.name}>
      <td>
        <NameField
          name={body.name}
          onChange={(name) => {
            const [first, ...others] = body.parts;
            drawings.put([{ ...first, name }, ...others.map((part) => ({ ...part, name }))], view);
          }}
        />
      </td>
      <td>
        <Slices viewer={viewer} parts={body.parts} />
      </td>
      <td class="number">{size}</td>
      <td class="number">{hu}</td>
      <td class="number">{volume}</td>
      <td>
        <Actions viewer={viewer} view={view} body={body} />
      </td>
    </tr>
  );
}

function wordsOf({ viewer, view, body: { parts } }: RowProps): { size: string; hu: string; volume: string } {
  const sliceOf = (one: Annotation) => viewer.drawings.sliceOf(view, one);
  const first = parts[0]!;
  if (!isOutline(first.shape)) {
    const slice = sliceOf(first);
    return { size: slice ? lengthInWords(lengthMm(first.points, slice)) : '…', hu: '', volume: '' };
  }
  const values = bodyValues(parts, sliceOf, view);
  if (!values) return { size: '…', hu: '…', volume: '' };
  return {
    size: areaInWords(values.areaMm2),
    hu: `${parts.some((one) => sliceOf(one)?.coarse) ? 'about ' : ''}${huInWords(values) ?? ''}`,
    volume: values.volumeMl === undefined ? '' : `${formatNumber(values.volumeMl, 2)} ml, ${values.slices} slices`,
  };
}

function NameField({
  name,
  onChange,
}: {
  readonly name: string;
  readonly onChange: (name: string) => void;
}): JSX.Element {
  return (
    <input
      type="text"
      class="name-field"
      size={12}
      aria-label={`Name of ${name}`}
      data-testid="drawn-name"
      value={name}
      onChange={({ currentTarget }) => {
        const wanted = currentTarget.value.trim();
        if (wanted && wanted !== name) onChange(wanted);
        else currentTarget.value = name;
      }}
    />
  );
}

/** The plane, and a way to each slice, or to the first and the last where they are many. */
function Slices({ viewer, parts }: { readonly viewer: Viewer; readonly parts: readonly Annotation[] }): JSX.Element {
  const sorted = parts.toSorted((a, b) => a.index - b.index);
  const shown = sorted.length > 2 ? [sorted[0]!, sorted.at(-1)!] : sorted;
  return (
    <>
      {sorted[0]!.plane}{' '}
      {shown.map((one, n) => (
        <span key={one.id}>
          {n > 0 && (sorted.length > 2 ? ' – ' : ', ')}
          <button
            type="button"
            class="link"
            data-testid="go-to-drawn"
            title={`Go to ${one.plane} slice ${one.index + 1}`}
            onClick={() => {
              viewer.drawings.selected.value = one.id;
              goToSlice(viewer, one.plane, one.index);
            }}
          >
            {one.index + 1}
          </button>
        </span>
      ))}
    </>
  );
}

function Actions({ viewer, view, body }: RowProps): JSX.Element {
  const { drawings, active } = viewer;
  const first = body.parts[0]!;
  const isContinued = drawings.continued.value === body.key;
  const slice = active.value.slice.value;
  const isElsewhere = slice?.plane === first.plane && body.parts.every(({ index }) => index !== slice.index);
  return (
    <span class="actions">
      {isOutline(first.shape) && (
        <button
          type="button"
          class="link"
          aria-pressed={isContinued}
          data-testid="continue-drawn"
          title={`Circles and polygons on other slices are outlines of ${body.name}, too`}
          onClick={() => {
            drawings.continued.value = isContinued ? undefined : body.key;
          }}
        >
          {isContinued ? 'Adding slices' : 'Add slices'}
        </button>
      )}
      {isContinued && isElsewhere && (
        <button
          type="button"
          class="link"
          data-testid="copy-drawn"
          title="The outline of the nearest slice, to be changed here"
          onClick={() => {
            const nearest = body.parts.reduce((a, b) =>
              Math.abs(b.index - slice.index) < Math.abs(a.index - slice.index) ? b : a,
            );
            drawings.put([{ ...nearest, id: freshId(), index: slice.index }], view);
          }}
        >
          Copy here
        </button>
      )}
      <button
        type="button"
        class="link"
        data-testid="erase-drawn"
        title={`Delete ${body.name}`}
        aria-label={`Delete ${body.name}`}
        onClick={() => drawings.erase(body.parts.map(({ id }) => id))}
      >
        Delete
      </button>
    </span>
  );
}

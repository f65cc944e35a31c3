/** Chooses the picture for a view. */
import type { JSX } from 'preact';
import type { ViewModel } from '../protocol/view.ts';
import { ControlOutput } from './control/control.tsx';
import type { FigureProperties } from './figure/figure.tsx';
import { Flags } from './flags.tsx';
import { Messages } from './messages.tsx';
import type { Messaging } from './messaging.ts';
import { ReadingCard } from './reading/card.tsx';
import { TableOutput } from './table/table.tsx';
import { SliceViewer } from './viewer/sliceViewer.tsx';

export interface ViewProperties {
  readonly view: ViewModel;
  readonly root: ShadowRoot;
  readonly messaging: Messaging;
  /** Draws figures: at once, or when Plotly is there. */
  readonly Figure: (properties: FigureProperties) => JSX.Element;
}

/** How each kind of view looks, on screen and in the HTML page alike. */
const PICTURES: {
  readonly [T in ViewModel['type']]: (
    properties: ViewProperties & { readonly view: Extract<ViewModel, { type: T }> },
  ) => JSX.Element;
} = {
  table: ({ view, messaging }) => <TableOutput view={view} messaging={messaging} />,
  figure: ({ view, root, messaging, Figure }) => <Figure view={view} root={root} messaging={messaging} />,
  slices: ({ view, messaging }) => <SliceViewer view={view} messaging={messaging} />,
  control: ({ view, messaging }) => <ControlOutput view={view} messaging={messaging} />,
  reading: ({ view, messaging }) => <ReadingCard view={view} messaging={messaging} />,
  messages: ({ view }) => (
    <section class="output">
      <Messages title={view.title} messages={view.messages} />
      <Flags flags={view.flags ?? []} withPlace />
    </section>
  ),
};

export function View(properties: ViewProperties): JSX.Element {
  const { type } = properties.view;
  if (!Object.hasOwn(PICTURES, type))
    return <p class="note">This output was made by a newer LungNB. Update LungNB to see it.</p>;
  // SAFETY: the picture is that of the view's own type.
  const picture = PICTURES[type] as (properties: ViewProperties) => JSX.Element;
  return picture(properties);
}

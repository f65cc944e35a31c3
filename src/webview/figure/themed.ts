/** Gives a figure the colours and fonts of the notebook. */
import { TEXTURE_CLASSES } from '../../protocol/names.ts';
import { CLASS_COLOURS } from '../../protocol/segmentColours.ts';
import type { FigureView } from '../../protocol/view.ts';
import type { Theme } from '../theme.ts';
import { cssColour } from '../viewer/palette.ts';
import { withRoomBetween } from './panelGaps.ts';
import { type Plain, plain } from './plain.ts';

/** Left and right of what is plotted, in pixels. */
const MARGINS = { l: 64, r: 24 };

export function themedLayout(given: Plain, theme: Theme, room: number): Plain {
  const wanted = typeof given.width === 'number' ? given.width : 1100;
  const { leastWidth } = plain(given.meta);
  const least = typeof leastWidth === 'number' ? leastWidth : 280;
  // What is broader than the cell scrolls.
  const width = Math.max(least, Math.min(wanted, room));
  const layout = withRoomBetween(given, width - MARGINS.l - MARGINS.r);
  const axis = {
    color: theme.foreground,
    gridcolor: 'rgba(128, 128, 128, 0.3)',
    linecolor: theme.muted,
    tickcolor: theme.muted,
    automargin: true,
    showline: true,
    ticks: 'outside',
    ticklen: 4,
  };
  const axes = Object.fromEntries(
    Object.entries(layout)
      .filter(([key]) => /^[xy]axis\d*$/.test(key))
      .map(([key, own]) => [key, { ...axis, ...plain(own) }]),
  );
  return {
    // Room for the tool bar above the headings.
    margin: { ...MARGINS, t: 84, b: 56 },
    modebar: { bgcolor: 'rgba(0,0,0,0)', color: theme.muted, activecolor: theme.foreground },
    ...layout,
    // A stranger's picture would be fetched from wherever it says.
    images: [],
    ...axes,
    width,
    autosize: false,
    font: { family: theme.font, size: 12, color: theme.foreground },
    paper_bgcolor: 'rgba(0,0,0,0)',
    plot_bgcolor: 'rgba(0,0,0,0)',
    colorway: [theme.accent],
    hoverlabel: {
      bgcolor: theme.background,
      bordercolor: theme.muted,
      font: { color: theme.foreground, family: theme.font },
    },
  };
}

/** A trace of a texture class takes the colour that the class has in the slice viewer. */
function inClassColour(trace: Plain): Plain {
  const { class: name, colour: own } = plain(trace.meta);
  const textureClass = TEXTURE_CLASSES.find((known) => known === name);
  const colour = textureClass ? cssColour(CLASS_COLOURS[textureClass]) : own;
  if (typeof colour !== 'string') return trace;
  const marker = { ...plain(trace.marker), color: colour };
  return trace.type === 'box' ? { ...trace, marker, line: { color: colour, width: 1.4 } } : { ...trace, marker };
}

/** Heat maps run from the page's background to the accent colour, so that empty cells recede in every theme. */
export function themedData(data: FigureView['data'], theme: Theme): Plain[] {
  return data.map((trace) => {
    if (trace.type !== 'heatmap') return inClassColour(trace);
    const scale = theme.dark
      ? [
          [0, '#26313b'],
          [1, '#2a76ad'],
        ]
      : [
          [0, '#eef3f7'],
          [1, '#7db4dc'],
        ];
    // White keeps its contrast up to the dark theme's brightest cell.
    return { ...trace, colorscale: scale, textfont: { color: theme.dark ? '#ffffff' : theme.foreground, size: 11 } };
  });
}

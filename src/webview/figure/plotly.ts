/** Plotly with only the traces that LungNB draws. */
import bar from 'plotly.js/lib/bar';
import box from 'plotly.js/lib/box';
import core from 'plotly.js/lib/core';
import heatmap from 'plotly.js/lib/heatmap';

core.register([bar, box, heatmap]);

export const Plotly = core;

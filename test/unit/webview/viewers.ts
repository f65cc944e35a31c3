/** Viewers for tests: of CTs that are made up, whose slices come at once. */

import { deflateRawSync } from 'node:zlib';
import { signal } from '@preact/signals';
import {
  type Annotation,
  type Annotations,
  NO_ANNOTATIONS,
  withAnnotation,
  withoutAnnotations,
} from '../../../src/protocol/annotations/annotation.ts';
import type { SliceRequest } from '../../../src/protocol/kernelApi.ts';
import type { EncodedSlice, Plane, SingleSliceView, SliceView } from '../../../src/protocol/view.ts';
import type { DrawingMessaging } from '../../../src/webview/viewer/drawings/drawings.ts';
import { createViewer, type Viewer } from '../../../src/webview/viewer/viewer.ts';

/** 40 × 30 pixels of 0.5 mm on 20 slices, 2 mm apart, all of −800 HU. */
export const COUNTS = { axial: 20, coronal: 30, sagittal: 40 } as const;
const MM = { axial: 2, coronal: 0.5, sagittal: 0.5 } as const;

export function encoded({ plane, index, slab }: Pick<SliceRequest, 'plane' | 'index' | 'slab'>): EncodedSlice {
  const across: Plane = plane === 'sagittal' ? 'coronal' : 'sagittal';
  const down: Plane = plane === 'axial' ? 'coronal' : 'axial';
  const [width, height] = [COUNTS[across], COUNTS[down]];
  const folded = Array.from({ length: width * height }, (_, p) => (p === 0 ? 2 * 800 - 1 : 0));
  const hu = Uint8Array.from([...folded.map((d) => d & 255), ...folded.map((d) => d >> 8)]);
  return {
    plane,
    index,
    width,
    height,
    pixelWidthMm: MM[across],
    pixelHeightMm: MM[down],
    ...(slab ? { slab } : {}),
    hu: deflateRawSync(hu).toString('base64'),
  };
}

export function viewOf(own: Partial<SingleSliceView> = {}): SingleSliceView {
  return {
    type: 'slices',
    title: 'P01, series-1',
    patient: 'P01',
    series: 'series-1',
    handle: 'h',
    sliceCounts: COUNTS,
    plane: 'axial',
    index: 10,
    window: { centre: -600, width: 1500 },
    overlay: false,
    facts: [],
    slices: [
      encoded({ plane: 'axial', index: 10 }),
      encoded({ plane: 'coronal', index: 15 }),
      encoded({ plane: 'sagittal', index: 12 }),
    ],
    ...own,
  };
}

export interface TestMessaging extends DrawingMessaging {
  readonly asked: SliceRequest[];
  /** Without one, slices cannot be had. */
  hasKernel: boolean;
}

export function messagingOf(first: Annotations = NO_ANNOTATIONS): TestMessaging {
  const annotations = signal(first);
  const asked: SliceRequest[] = [];
  const messaging: TestMessaging = {
    asked,
    hasKernel: true,
    annotations,
    keepsDrawings: true,
    draw(annotation: Annotation) {
      annotations.value = withAnnotation(annotations.peek(), annotation);
    },
    erase(ids) {
      annotations.value = withoutAnnotations(annotations.peek(), ids);
    },
    async requestSlice(request) {
      asked.push(request);
      return messaging.hasKernel ? { slice: encoded(request) } : { problem: 'no kernel' };
    },
  };
  return messaging;
}

export function viewerOf(view: SliceView = viewOf(), messaging: DrawingMessaging = messagingOf()): Viewer {
  return createViewer({ view, messaging, onPatient: () => undefined });
}

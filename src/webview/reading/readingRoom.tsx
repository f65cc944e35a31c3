/** The page of a reading room. */
import { render } from 'preact';
import type { FromRoom, RoomState, ToRoom } from '../../protocol/reading/room.ts';
import { ALL_STYLES } from '../allStyles.ts';
import { registerControls } from '../controls.tsx';
import { createMessaging, withoutKernel } from '../messaging.ts';
import roomStyles from './room.css';
import { createRoom } from './roomState.ts';
import { RoomView } from './roomView.tsx';

declare function acquireVsCodeApi(): {
  postMessage(message: FromRoom): void;
  setState(state: RoomState): void;
};

const vscode = acquireVsCodeApi();
const post = (message: FromRoom) => vscode.postMessage(message);
registerControls();
const room = createRoom(post);
const hear = (listener: (message: ToRoom) => void) =>
  // SAFETY: VS Code hands on what the extension posts, which is built from the same types.
  window.addEventListener('message', ({ data }) => listener(data as ToRoom));

hear((message) => {
  if ('state' in message) vscode.setState(message.state);
  room.hear(message);
});
/** Of what an output may ask for, slices alone. */
const { requestSlice } = createMessaging({
  postMessage: (message) => {
    if (message.type === 'slice') post(message);
  },
  onDidReceiveMessage: (listener) =>
    hear((message) => {
      if (message.type === 'slice') listener(message);
    }),
});
const root = document.getElementById('view')!.attachShadow({ mode: 'open' });
render(
  <>
    <style>{ALL_STYLES + roomStyles}</style>
    <RoomView room={room} messaging={{ ...withoutKernel(), requestSlice }} post={post} />
  </>,
  root,
);
post({ type: 'started' });

import type { Frame } from '../../drivers/driver.ts';
import type { Control } from '../control.ts';
import { encodeFrame } from '../telemetry.ts';
import { blank, hear, type State } from './state.ts';

export interface LiveLink {
  send(control: Control): void;
  /** A picture of another goal. */
  goal(frame: Frame): void;
  close(): void;
}

const retryMs = [250, 500, 1000, 2000];

/** Keeps a connection to the server that this page came from, and tells each new state, once per drawn picture at most. */
export function liveLink(tell: (state: State) => void): LiveLink {
  let state = blank;
  let tries = 0;
  let drawing = false;
  let over = false;
  let socket: WebSocket;

  const become = (next: State) => {
    state = next;
    if (drawing) return;
    drawing = true;
    requestAnimationFrame(() => {
      drawing = false;
      tell(state);
    });
  };

  const open = () => {
    socket = new WebSocket(new URL(`/live${location.search}`, location.href.replace(/^http/, 'ws')));
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      tries = 0;
      if (state.stopWaits) socket.send(JSON.stringify({ kind: 'estop' }));
      become({ ...state, link: 'open', stopWaits: false });
    };
    socket.onmessage = ({ data }) => become(hear(state, data));
    socket.onclose = () => {
      if (over) return;
      become({ ...state, link: 'lost' });
      setTimeout(open, retryMs[Math.min(tries++, retryMs.length - 1)]);
    };
  };
  open();

  return {
    send: (control) => {
      if (!state.acts) return;
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(control));
      else if (control.kind === 'estop') become({ ...state, stopWaits: true });
    },
    goal: (frame) => {
      if (state.acts && socket.readyState === WebSocket.OPEN) socket.send(encodeFrame('goal', frame));
    },
    close: () => {
      over = true;
      socket.close();
    },
  };
}

import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { createAdaptorServer } from '@hono/node-server';
import { type Observable, Subject } from 'rxjs';
import type { Frame } from '../drivers/driver.ts';
import { PremotorError } from '../errors.ts';
import { clients } from './clients.ts';
import { type Control, isForRobot, type RobotControl, type SimControl } from './control.ts';
import { doors, type Tokens } from './doors.ts';
import { metricsText } from './metrics.ts';
import { type Newest, newest } from './newest.ts';
import { limitPaths } from './paths.ts';
import type { Stage } from './stage.ts';
import { type Channel, channels, encodeFrame, type LogEvent, type ServerMessage, type Snapshot } from './telemetry.ts';
import { webRoot } from './web-root.ts';

export type PageOptions = {
  /** 0 takes any free one. */
  readonly port?: number;
  /** 127.0.0.1 unless given; other machines can reach the page at any other but ::1 and localhost, and need a token. */
  readonly host?: string | undefined;
  readonly tokens?: Tokens | undefined;
  /** The folder of the built page. */
  readonly webRoot: string;
  /** Serves the last snapshot's numbers at `/metrics`, for Prometheus. */
  readonly metrics?: boolean | undefined;
  /** Side of the goal pictures that people may give, px; none unless given. */
  readonly goalSize?: number | undefined;
  /** The most pictures of a channel, and the most snapshots, in a second. */
  readonly maxRate?: number;
  /** A page that leaves more than this unread is dropped. */
  readonly bufferLimitBytes?: number;
};

export interface Page {
  readonly url: string;
  /** What people at the page ask of a robot, and of a simulated world. Both complete with `close`. */
  readonly controls$: Observable<RobotControl>;
  readonly simControls$: Observable<SimControl>;
  publish(snapshot: Snapshot): void;
  /** The frame's bytes must not change afterwards. */
  publishFrame(channel: Channel, frame: Frame): void;
  /** What a simulated world is made of. */
  publishStage(stage: Stage): void;
  /** Where its parts are (`encodePoses`). */
  publishPoses(poses: Uint8Array): void;
  close(): Promise<void>;
}

const keptEvents = 100;
/** Between two messages of places, at least. */
const POSES_MS = 1000 / 60;

/**
 * Serves the live page, on this machine unless told otherwise. Publishing never waits: what a page cannot take is dropped.
 * Rejects with a PremotorError when the port is taken or the page is not built.
 */
export async function servePage({
  port = 4173,
  host = '127.0.0.1',
  webRoot: folder,
  maxRate = 30,
  bufferLimitBytes = 1 << 20,
  goalSize,
  metrics = false,
  tokens,
}: PageOptions): Promise<Page> {
  const controls$ = new Subject<RobotControl>();
  const simControls$ = new Subject<SimControl>();
  const onControl = (control: Control) => (isForRobot(control) ? controls$.next(control) : simControls$.next(control));
  const memory = remember();
  const pages = clients({ welcome: memory.recall, onControl, bufferLimitBytes, goalSize });

  const bound = { port };
  const { isOurs, mayRead, roleOf } = doors(host, () => bound.port, tokens);
  const numbers = () => (memory.last === undefined ? '' : metricsText(memory.last));
  const app = webRoot(folder, isOurs, metrics ? { text: numbers, mayRead } : undefined);
  const serverOptions = { connectionsCheckingInterval: 1000 }; // or slow headers would be cut off half a minute late
  const server = createAdaptorServer({ fetch: app.fetch, hostname: host, serverOptions }) as Server;
  server.headersTimeout = 5000;
  server.requestTimeout = 10_000;
  server.maxConnections = 256;
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const role = roleOf(request);
    if (role === undefined || request.url?.split('?')[0] !== '/live') {
      socket.end(`HTTP/1.1 ${role ? '404 Not Found' : '403 Forbidden'}\r\nConnection: close\r\n\r\n`);
      return;
    }
    pages.server.handleUpgrade(request, socket, head, (page) => pages.server.emit('connection', page, role));
  });
  bound.port = await listen(server, port, host);

  const periodMs = 1000 / maxRate;
  const limited = limitPaths();
  const snapshots = newest<Snapshot>((s) => pages.send(snapshotMessage(limited(s))), periodMs, merge);
  const frames = Object.fromEntries(
    channels.map((name) => [name, newest<Frame>((frame) => pages.send(encodeFrame(name, frame)), periodMs)]),
  ) as Record<Channel, Newest<Frame>>;
  const poses = newest<Uint8Array>((places) => pages.send(places), POSES_MS);

  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound.port}/`,
    controls$: controls$.asObservable(),
    simControls$: simControls$.asObservable(),
    publish: (snapshot) => {
      memory.snapshot(snapshot);
      if (pages.count > 0) snapshots.offer(snapshot);
    },
    publishFrame: (channel, frame) => {
      memory.frame(channel, frame);
      if (pages.count > 0) frames[channel].offer(frame);
    },
    publishStage: (stage) => {
      memory.stage(stage);
      pages.send(message({ kind: 'stage', stage }));
    },
    publishPoses: (places) => {
      memory.poses(places);
      if (pages.count > 0) poses.offer(places);
    },
    close: async () => {
      for (const stream of [snapshots, poses, ...Object.values(frames)]) stream.close();
      pages.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
      controls$.complete();
      simControls$.complete();
    },
  };
}

const message = (of: ServerMessage) => JSON.stringify(of);
const snapshotMessage = (snapshot: Snapshot) => message({ kind: 'snapshot', snapshot });

/** The newer one, with the words and the paths that would be lost with the older. */
function merge(older: Snapshot, newer: Snapshot): Snapshot {
  const log = [older.log, newer.log].filter(Boolean).join('\n');
  return { ...newer, paths: newer.paths ?? older.paths, log: log === '' ? undefined : log };
}

/** What a page that opens later has to know: references only, turned into messages when one asks. */
function remember() {
  const events: LogEvent[] = [];
  const last: { snapshot?: Snapshot; stage?: Stage; poses?: Uint8Array } = {};
  const frames = new Map<Channel, Frame>();
  return {
    get last() {
      return last.snapshot;
    },
    snapshot: (snapshot: Snapshot) => {
      last.snapshot = snapshot;
      for (const text of snapshot.log?.split('\n') ?? []) events.push({ timeMs: snapshot.timeMs, text });
      events.splice(0, events.length - keptEvents);
    },
    frame: (channel: Channel, frame: Frame) => void frames.set(channel, frame),
    stage: (stage: Stage) => {
      last.stage = stage;
    },
    poses: (poses: Uint8Array) => {
      last.poses = poses;
    },
    recall: (): readonly (string | Uint8Array)[] => [
      message({ kind: 'history', events }),
      ...(last.stage === undefined ? [] : [message({ kind: 'stage', stage: last.stage })]),
      ...(last.poses === undefined ? [] : [last.poses]),
      ...(last.snapshot === undefined ? [] : [snapshotMessage({ ...limitPaths()(last.snapshot), log: undefined })]),
      ...[...frames].map(([channel, frame]) => encodeFrame(channel, frame)),
    ],
  };
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (cause: NodeJS.ErrnoException) => {
      const taken = cause.code === 'EADDRINUSE';
      reject(
        new PremotorError(taken ? `port ${port} is taken` : `the page cannot listen on ${host}:${port}`, {
          hint: taken ? 'choose another with --port, or --port 0 for any free one' : 'choose another with --port',
          cause,
        }),
      );
    };
    server.once('error', fail);
    server.listen(port, host, () => {
      server.off('error', fail);
      server.on('error', () => {}); // a connection that breaks is no trouble of the run
      resolve((server.address() as AddressInfo).port);
    });
  });
}

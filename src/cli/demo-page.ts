import { stripVTControlCharacters } from 'node:util';
import type { Dials } from '../agent/dials.ts';
import type { Asked, MindFacts, ThoughtReport } from '../agent/wire.ts';
import type { Action, ActionSpec, Frame } from '../drivers/driver.ts';
import { serveFoxglove } from '../page/foxglove.ts';
import type { Page } from '../page/server.ts';
import { type Channel, cameraChannels, type Phase, type Snapshot } from '../page/telemetry.ts';
import type { Saying } from '../worldmodel/words.ts';
import { openPage } from './open-page.ts';
import type { PageSettings } from './page-options.ts';

/** A page needs a moment to hear the end, ms. */
const FAREWELL_MS = 300;

/** What the page is told, bit by bit; a snapshot goes out with every frame, every word and every new reason. */
export interface DemoPage {
  readonly url: string;
  /** Where others can look on, and do nothing, if the page is for other machines. */
  readonly lookUrl: string | undefined;
  /** Where Foxglove can look on. */
  readonly foxgloveUrl: string | undefined;
  readonly controls$: Page['controls$'];
  set(news: Partial<Snapshot>): void;
  log(line: string): void;
  ready(facts: MindFacts): void;
  tuned(dials: Dials): void;
  thought(report: ThoughtReport): void;
  acted(action: Action, reason: string): void;
  goal(frame: Frame): void;
  /** What words were taken for. */
  asked(asked: Asked): void;
  /** What is remembered that is most like the imagined end of the plan. */
  imagined(frame: Frame): void;
  /** One picture of each moment comes from the camera that was first seen. */
  camera(frame: Frame, timeMs: number, name?: string): void;
  /** What the mind looks at, where it is no camera's own picture. */
  view(frame: Frame): void;
  /** With a last word, the page is told that it is over. */
  close(lastWord?: string): Promise<void>;
}

type Options = {
  readonly task: string;
  readonly goals: number;
  readonly spec: ActionSpec;
  readonly deadlineMs: number;
  /** Side of the goal pictures that people may give, px; none unless given. */
  readonly goalSize?: number | undefined;
  /** What people may ask for in words. */
  readonly sayings?: readonly Saying[] | undefined;
} & Omit<PageSettings, 'headless'>;

/** Opens the page on the port asked for, else on the default one or the next that is free. */
export async function demoPage({ task, goals, spec, deadlineMs, port, ...more }: Options): Promise<DemoPage> {
  const { goalSize, sayings, metrics, foxglove, host } = more;
  const page = await openPage({ port, goalSize, metrics, host });
  const onlooker =
    foxglove === undefined
      ? undefined
      : await serveFoxglove({
          port: foxglove,
          name: `premotor ${task}`,
          nowNs: () => BigInt(Date.now()) * 1_000_000n,
        }).catch(async (error) => {
          await page.close();
          throw error;
        });
  const publish = (snapshot: Snapshot) => {
    page.publish(snapshot);
    onlooker?.publish(snapshot);
  };
  const publishFrame = (channel: Channel, frame: Frame) => {
    page.publishFrame(channel, frame);
    onlooker?.publishFrame(channel, frame);
  };
  const imagined = (frame: Frame) => publishFrame('imagined', frame);
  const { low, high, rest, names } = spec;
  const unknown = {
    distance: null,
    surprise: null,
    planMs: null,
    refinements: null,
    replansPerSecond: null,
    frameToCommandMs: null,
  };
  const start = { timeMs: 0, task, phase: 'starting' as Phase, goalIndex: 0, goals, reached: 0, reason: '' };
  let now: Snapshot = {
    ...start,
    ...unknown,
    deadlineMs,
    goalSize,
    sayings,
    action: rest,
    low,
    high,
    names,
  };
  const cameras: string[] = [];
  const foretold: { readonly timeMs: number; readonly distance: number }[] = [];
  let expected: number | null = null;
  let block = Number.POSITIVE_INFINITY;
  const set = (news: Partial<Snapshot>) => {
    now = { ...now, ...news };
  };
  const wanted = () => {
    foretold.length = 0;
    expected = null;
  };
  return {
    url: page.url,
    lookUrl: page.lookUrl,
    foxgloveUrl: onlooker?.url,
    controls$: page.controls$,
    set,
    log: (log) => publish({ ...now, log: stripVTControlCharacters(log) }),
    ready: ({ iterations, weights, nominalSurprise, samples, horizon, blockMs = Number.POSITIVE_INFINITY }) => {
      set({ iterations, weights, samples, horizon, surpriseLimit: nominalSurprise });
      block = blockMs;
    },
    tuned: ({ iterations = now.iterations, weights }) => set({ iterations, weights: { ...now.weights, ...weights } }),
    thought: ({ timeMs, elapsedMs, refinements, kept, costs, distance, sketch }) => {
      while (foretold[0] && foretold[0].timeMs <= timeMs) expected = foretold.shift()!.distance;
      const [next] = sketch?.ahead ?? [];
      if (next !== undefined && Number.isFinite(block)) foretold.push({ timeMs: timeMs + block, distance: next });
      const { paths, end, said } = sketch ?? {};
      const news = { ...(!kept && { planMs: elapsedMs, refinements, costs }), distance, expected };
      set({ ...news, ...(paths && { paths }), ...(said && { said }) });
      if (end) imagined(end);
    },
    acted: (action, reason) => {
      const news = reason !== now.reason;
      set({ action, reason });
      if (news) publish(now); // also when no frame comes any more
    },
    goal: (frame) => {
      wanted();
      set({ asked: undefined });
      publishFrame('goal', frame);
    },
    asked: ({ words, picture }) => {
      wanted();
      set({ asked: words });
      if (picture) publishFrame('goal', picture);
    },
    view: (frame) => publishFrame('view', frame),
    imagined,
    camera: (frame, timeMs, name = 'camera') => {
      if (!cameras.includes(name)) cameras.push(name);
      const channel = cameraChannels[cameras.indexOf(name)];
      if (channel === undefined) return;
      if (channel !== 'camera') return publishFrame(channel, frame);
      set({ timeMs, ...(cameras.length > 1 && { cameras }) });
      publish(now);
      publishFrame('camera', frame);
      set({ paths: undefined });
    },
    close: async (lastWord) => {
      if (lastWord !== undefined) {
        set({ phase: 'done' });
        publish({ ...now, log: lastWord });
        await new Promise((resolve) => setTimeout(resolve, FAREWELL_MS));
      }
      await onlooker?.close();
      await page.close();
    },
  };
}

import { type Compression, compressionFor } from '../../src/drivers/ros/version.ts';
import type { Message } from './fill.ts';
import { type Outlet, outlet } from './outlet.ts';
import type { SubscribeOptions } from './request.ts';
import type { SessionOptions } from './session.ts';

/** All subscriptions of one client to one topic: it gets each message once, as the most demanding of them wants it. */
export interface ClientTopic {
  /** Throws what the graph throws. */
  add(options: SubscribeOptions, type: string | undefined): void;
  /** The one with this id, or all. */
  remove(id: unknown): void;
  readonly empty: boolean;
  close(): void;
}

type Sent = { readonly message: Message; readonly type: string };

export function clientTopic(given: Omit<SessionOptions, 'admits'> & { readonly topic: string }): ClientTopic {
  const { graph, wire, clock, encoder, node, topic, faults, sendLimitBytes, note } = given;
  const wanted = new Map<unknown, SubscribeOptions>();
  const warned = new Set<string>();
  let compression: Compression = 'none';
  let end: (() => void) | undefined;

  const out: Outlet<Sent> = outlet({
    clock,
    full: () => wire.buffered > sendLimitBytes,
    patient: sendLimitBytes < Infinity,
    send: ({ message, type }, done) => {
      if (faults && graph.version === 1 && compression === 'cbor' && lost(type)) {
        if (!warned.has(type)) note(`${topic}: a ROS 1 server cannot write ${type} as cbor; nothing is delivered`);
        warned.add(type);
        done();
      } else wire.send(encoder(topic, type, message, compression), done);
    },
  });
  const settle = () => {
    const all = [...wanted.values()];
    if (all.length === 0) return;
    const lengths = all.map(({ queueLength }) => queueLength);
    out.pace({
      throttleMs: Math.min(...all.map(({ throttleMs }) => throttleMs)),
      queueLength: graph.version === 1 ? Math.max(...lengths) : Math.min(...lengths),
    });
    const asked = all.map(({ compression }) => compression);
    compression = asked.includes('cbor-raw') ? 'cbor-raw' : asked.includes('cbor') ? 'cbor' : 'none';
  };

  return {
    add: (options, type) => {
      const before = wanted.get(options.id);
      wanted.set(options.id, options);
      settle();
      try {
        const heard = (message: Message, type: string) => out.offer({ message, type });
        if (end !== undefined && type !== undefined && graph.typeOf(topic) !== type) {
          throw new TypeError(`${topic} must be of type ${graph.typeOf(topic)}, got ${type}`);
        }
        end ??= graph.subscribe(node, topic, type === undefined ? [] : [type], heard);
      } catch (error) {
        // A real server keeps what a refused subscription asked for.
        if (!faults) {
          if (before === undefined) wanted.delete(options.id);
          else wanted.set(options.id, before);
          settle();
        }
        throw error;
      }
    },
    remove: (id) => {
      if (id === undefined || id === null) wanted.clear();
      else wanted.delete(id);
      settle();
    },
    get empty() {
      return wanted.size === 0;
    },
    close: () => {
      end?.();
      out.close();
    },
  };
}

/** The driver knows which types these are: it asks for them in another form. */
const lost = (type: string) => compressionFor(type, 1, 'auto') === 'none';

import type { Clock } from '../../src/clock.ts';
import { plainType } from '../../src/drivers/ros/version.ts';
import { type ClientTopic, clientTopic } from './client-topic.ts';
import type { Encoder } from './encode.ts';
import { filledFields, type Message } from './fill.ts';
import type { Publication, RosGraph } from './graph.ts';
import { options, type Request, text } from './request.ts';
import { fieldsOfRequest } from './services.ts';

/** One connection, as the server sees it. */
export interface Wire {
  /** `done` is called when it has left this process. */
  send(data: string | Uint8Array, done?: () => void): void;
  /** Bytes that have not left yet. */
  readonly buffered: number;
  close(): void;
}

export type SessionOptions = {
  readonly graph: RosGraph;
  readonly wire: Wire;
  readonly clock: Clock;
  readonly encoder: Encoder;
  readonly node: string;
  /** Copies the faults of the real servers. */
  readonly faults: boolean;
  /** More unread bytes than this, and messages are left out; never, where the real server has no bound. */
  readonly sendLimitBytes: number;
  /** Is this `auth` request good? Unless given, none is needed. */
  readonly admits?: (request: Request) => boolean;
  /** What the client is never told. */
  readonly note: (line: string) => void;
};

export interface Session {
  receive(data: string): void;
  close(): void;
}

/** No client has use for more topics than this. */
const MAX_TOPICS = 1000;

/** What one client asked for: its publishers and its subscriptions. Whatever it says, this never throws and never complains to it. */
export function session(given: SessionOptions): Session {
  const { graph, wire, node, note, faults, admits } = given;
  const publications = new Map<string, Publication & { readonly type: string }>();
  const subscriptions = new Map<string, ClientTopic>();
  let admitted = admits === undefined;
  let closed = false;

  const named = (name: string): string => {
    if (graph.version === 1 && /^[^/]+\/msg\/[^/]+$/.test(name)) {
      throw new TypeError(`ROS 1 has no type ${name}; it is called ${plainType(name)}`);
    }
    return plainType(name);
  };
  const room = (topics: ReadonlyMap<string, unknown>) => {
    if (topics.size >= MAX_TOPICS) throw new RangeError(`a client must have at most ${MAX_TOPICS} topics`);
  };
  const advertise = (topic: string, type: string, latch: boolean) => {
    const known = publications.get(topic);
    if (known?.type === type) return known;
    if (known !== undefined) throw new TypeError(`${topic} must be of type ${known.type}, got ${type}`);
    room(publications);
    const publication = { ...graph.advertise(node, topic, type, { latch }), type };
    publications.set(topic, publication);
    return publication;
  };

  const ops: Readonly<Record<string, (request: Request) => void>> = {
    advertise: (request) => {
      advertise(text(request, 'topic'), named(text(request, 'type')), request.latch === true);
    },
    unadvertise: (request) => {
      const topic = text(request, 'topic');
      const publication = publications.get(topic);
      if (publication === undefined) throw new TypeError(`${topic} is not advertised by this client`);
      publications.delete(topic);
      publication.close();
    },
    publish: (request) => {
      const topic = text(request, 'topic');
      const publication = publications.get(topic);
      const type = graph.typeOf(topic);
      if (publication === undefined && type === undefined) throw new TypeError(`${topic} is no topic of anyone`);
      (publication ?? advertise(topic, type!, false)).publish('msg' in request ? request.msg : {});
    },
    subscribe: (request) => {
      const topic = text(request, 'topic');
      const type = request.type === undefined ? undefined : named(text(request, 'type'));
      const wanted = options(request, note);
      if (!subscriptions.has(topic)) room(subscriptions);
      const known = subscriptions.get(topic) ?? clientTopic({ ...given, topic });
      subscriptions.set(topic, known);
      try {
        known.add(wanted, type);
      } finally {
        if (known.empty) subscriptions.delete(topic);
      }
    },
    unsubscribe: (request) => {
      const topic = text(request, 'topic');
      const known = subscriptions.get(topic);
      if (known === undefined) throw new TypeError(`${topic} is not subscribed by this client`);
      known.remove(request.id);
      if (!known.empty) return;
      subscriptions.delete(topic);
      known.close();
    },
    call_service: (request) => void call(text(request, 'service'), request),
    service_response: () => {},
    set_level: () => {},
    auth: () => {},
  };

  /** Never rejects: what goes wrong is the answer. */
  const call = async (name: string, request: Request) => {
    const answer = (values: unknown, result: boolean) => {
      if (closed) return;
      const id = request.id === undefined ? {} : { id: request.id };
      wire.send(JSON.stringify({ op: 'service_response', service: name, values, result, ...id }));
    };
    try {
      const service = graph.service(name.startsWith('/') ? name : `/${name}`);
      if (service === undefined) throw new TypeError(`Service ${name} does not exist`);
      const fields = fieldsOfRequest(service.type);
      const args = Array.isArray(request.args) ? byPlace(fields, request.args) : (request.args ?? {});
      const asked = filledFields(`${service.type}Request`, fields, args, {
        version: graph.version,
        now: graph.now,
        faults,
      });
      answer(await service.handle(asked), true);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      note(`call_service ${short(name)}: ${why}`);
      answer(why, false);
    }
  };

  return {
    receive: (data) => {
      if (closed) return;
      let op = 'a message';
      try {
        const request = parsed(data);
        op = text(request, 'op');
        if (!admitted) {
          admitted = op === 'auth' && admits!(request);
          if (admitted) return;
          note('a client did not authenticate; its connection is closed');
          wire.close();
          return;
        }
        if (!Object.hasOwn(ops, op)) throw new TypeError(`there is no such operation here: ${short(op)}`);
        ops[op]!(request);
      } catch (error) {
        note(`${short(op)}: ${error instanceof Error ? error.message : String(error)}`);
      }
    },
    close: () => {
      if (closed) return;
      closed = true;
      for (const end of [...subscriptions.values(), ...publications.values()]) end.close();
    },
  };
}

function parsed(data: string): Request {
  const request: unknown = JSON.parse(data);
  if (typeof request === 'object' && request !== null && !Array.isArray(request)) return request as Request;
  throw new TypeError('a message must be an object');
}

const byPlace = (fields: readonly { readonly name: string }[], values: readonly unknown[]): Message => {
  if (values.length > fields.length)
    throw new RangeError(`args must be at most ${fields.length} values, got ${values.length}`);
  return Object.fromEntries(values.map((value, i) => [fields[i]!.name, value]));
};

const short = (name: string) => (name.length > 100 ? `${name.slice(0, 100)}...` : name);

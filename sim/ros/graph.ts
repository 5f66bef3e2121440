import { writeStamp } from '../../src/drivers/ros/stamp.ts';
import type { RosVersion } from '../../src/drivers/ros/version.ts';
import { filled, type Message } from './fill.ts';
import { fieldsOf } from './types.ts';

export type Heard = (message: Message, type: string) => void;

export type GraphOptions = {
  readonly version: RosVersion;
  /** ROS time, ms since 1970. */
  readonly now: () => number;
  readonly faults?: boolean;
};

/** One publisher's hold on a topic. */
export interface Publication {
  /** Throws `TypeError` or `RangeError` when the message is not of the topic's type. */
  publish(message: unknown): void;
  close(): void;
}

export type Service = {
  readonly name: string;
  /** `pkg/Type`. */
  readonly type: string;
  readonly node: string;
  handle(request: unknown): Message | Promise<Message>;
};

/**
 * A ROS graph inside this process: nodes by name, topics with a type each, services. Types are `pkg/Type` in both versions,
 * messages whole and with stamps as the version writes them.
 */
export interface RosGraph {
  readonly version: RosVersion;
  now(): Message;
  /** Throws `TypeError` for an unknown type, or one that others on this topic do not have. */
  advertise(node: string, topic: string, type: string, options?: { readonly latch?: boolean }): Publication;
  /** Takes messages of any of these types, the first being the usual one; without any, of the one the topic has. */
  subscribe(node: string, topic: string, types: readonly string[], heard: Heard): () => void;
  offer(service: Service): () => void;
  service(name: string): Service | undefined;
  readonly services: readonly Service[];
  readonly topics: readonly string[];
  typeOf(topic: string): string | undefined;
  latest(topic: string): Message | undefined;
  publishers(topic: string): readonly string[];
  subscribers(topic: string): readonly string[];
  readonly nodes: readonly string[];
}

type Publisher = { readonly node: string; readonly type: string; readonly latch: boolean };
type Subscriber = { readonly node: string; readonly types: readonly string[]; readonly heard: Heard };
type Topic = { readonly publishers: Set<Publisher>; readonly subscribers: Set<Subscriber>; latest?: Message };

export function rosGraph({ version, now: nowMs, faults = false }: GraphOptions): RosGraph {
  const topics = new Map<string, Topic>();
  const services = new Map<string, Service>();
  const now = (): Message => writeStamp(nowMs(), version);

  const topicAt = (name: string): Topic => {
    const found = topics.get(name);
    if (found !== undefined) return found;
    const made: Topic = { publishers: new Set(), subscribers: new Set() };
    topics.set(name, made);
    return made;
  };
  const leave = (name: string, { publishers, subscribers }: Topic) => {
    if (publishers.size + subscribers.size === 0) topics.delete(name);
  };
  const typeOf = (name: string): string | undefined => {
    const topic = topics.get(name);
    const [publisher] = topic?.publishers ?? [];
    const [subscriber] = topic?.subscribers ?? [];
    return publisher?.type ?? subscriber?.types[0];
  };
  const agree = (name: string, types: readonly string[]) => {
    const { publishers, subscribers } = topics.get(name) ?? { publishers: [], subscribers: [] };
    const others = [...[...publishers].map(({ type }) => [type]), ...[...subscribers].map(({ types }) => types)];
    const other = others.find((theirs) => !theirs.some((type) => types.includes(type)));
    if (other) throw new TypeError(`${name} must be of type ${other.join(' or ')}, got ${types.join(' or ')}`);
  };
  const checked = (type: string): string => {
    if (fieldsOf(type, version) === undefined) {
      throw new TypeError(`type must be a known message type, got ${type}`);
    }
    return type;
  };

  return {
    version,
    now,
    advertise: (node, name, type, { latch = false } = {}) => {
      agree(name, [checked(type)]);
      const topic = topicAt(name);
      const self: Publisher = { node, type, latch };
      topic.publishers.add(self);
      const stamped = version === 1 && fieldsOf(type, 1)?.[0]?.type === 'std_msgs/Header';
      let seq = 0;
      return {
        publish: (given) => {
          let message = filled(type, given, { version, now, faults });
          if (stamped) message = { ...message, header: { ...(message.header as Message), seq: ++seq } };
          topic.latest = message;
          for (const { types, heard } of [...topic.subscribers]) if (types.includes(type)) heard(message, type);
        },
        close: () => {
          topic.publishers.delete(self);
          leave(name, topic);
        },
      };
    },
    subscribe: (node, name, given, heard) => {
      const established = typeOf(name);
      const types = given.length > 0 ? given.map(checked) : established === undefined ? [] : [established];
      if (types.length === 0) throw new TypeError(`${name} must have a type, got none: nobody has it yet`);
      agree(name, types);
      const topic = topicAt(name);
      const self: Subscriber = { node, types, heard };
      topic.subscribers.add(self);
      const latched = [...topic.publishers].find(({ latch, type }) => latch && types.includes(type));
      if (latched !== undefined && topic.latest !== undefined) heard(topic.latest, latched.type);
      return () => {
        topic.subscribers.delete(self);
        leave(name, topic);
      };
    },
    offer: (service) => {
      if (services.has(service.name)) throw new TypeError(`${service.name} is offered already`);
      services.set(service.name, service);
      return () => void services.delete(service.name);
    },
    service: (name) => services.get(name),
    get services() {
      return [...services.values()];
    },
    get topics() {
      return [...topics.keys()];
    },
    typeOf,
    latest: (name) => topics.get(name)?.latest,
    publishers: (name) => unique([...(topics.get(name)?.publishers ?? [])].map(({ node }) => node)),
    subscribers: (name) => unique([...(topics.get(name)?.subscribers ?? [])].map(({ node }) => node)),
    get nodes() {
      const ends = [...topics.values()].flatMap(({ publishers, subscribers }) => [...publishers, ...subscribers]);
      return unique([...ends, ...services.values()].map(({ node }) => node));
    },
  };
}

const unique = <T>(items: readonly T[]): T[] => [...new Set(items)];

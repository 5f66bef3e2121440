import { plainType, typeName } from '../../src/drivers/ros/version.ts';
import type { Message } from './fill.ts';
import type { RosGraph } from './graph.ts';
import { serviceTypeName } from './services.ts';

const NODE = '/rosapi';
const DISTRO = 'jazzy';

/** Offers the questions a client may ask about a graph; the end of the offer is returned. */
export function rosapi(graph: RosGraph): () => void {
  const { version } = graph;
  const typed = (type: string | undefined) => (type === undefined ? '' : typeName(type, version));
  const servicesOf = () => graph.services.map(({ name }) => name);
  const answers: Readonly<Record<string, readonly [type: string, answer: (asked: Record<string, string>) => Message]>> =
    {
      topics: [
        'Topics',
        () => ({ topics: graph.topics, types: graph.topics.map((name) => typed(graph.typeOf(name))) }),
      ],
      topic_type: ['TopicType', ({ topic }) => ({ type: typed(graph.typeOf(topic!)) })],
      topics_for_type: [
        'TopicsForType',
        ({ type }) => ({ topics: graph.topics.filter((name) => graph.typeOf(name) === plainType(type!)) }),
      ],
      subscribers: ['Subscribers', ({ topic }) => ({ subscribers: graph.subscribers(topic!) })],
      publishers: ['Publishers', ({ topic }) => ({ publishers: graph.publishers(topic!) })],
      nodes: ['Nodes', () => ({ nodes: graph.nodes })],
      services: ['Services', () => ({ services: servicesOf() })],
      service_type: [
        'ServiceType',
        ({ service }) => {
          const type = graph.service(service!)?.type;
          return { type: type === undefined ? '' : serviceTypeName(type, version) };
        },
      ],
      get_time: ['GetTime', () => ({ time: graph.now() })],
      get_param: [
        'GetParam',
        ({ default: otherwise = '' }) =>
          version === 1
            ? { value: otherwise === '' ? 'null' : otherwise }
            : {
                value: otherwise,
                successful: otherwise !== '',
                reason: otherwise === '' ? 'there is no parameter' : '',
              },
      ],
      // Only ROS 2 servers have it: its absence is how a client knows the other kind.
      ...(version === 2 && { get_ros_version: ['GetROSVersion', () => ({ version: 2, distro: DISTRO })] as const }),
    };
  const ends = Object.entries(answers).map(([name, [type, answer]]) =>
    graph.offer({
      name: `/rosapi/${name}`,
      type: `rosapi/${type}`,
      node: NODE,
      handle: (asked) => answer(asked as Record<string, string>),
    }),
  );
  return () => {
    for (const end of ends) end();
  };
}

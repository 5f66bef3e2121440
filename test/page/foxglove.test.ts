import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { rosDecoder } from '../../src/data/ros-codec.ts';
import { type FoxgloveServer, serveFoxglove } from '../../src/page/foxglove.ts';
import { eventually } from './listener.ts';
import { cameraAt, snapshotAt } from './plausible.ts';

const servers: FoxgloveServer[] = [];
const serve = async (port = 0) => {
  servers.push(await serveFoxglove({ port, name: 'premotor two-room', nowNs: () => 7_000_000_123n }));
  return servers.at(-1)!;
};
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** A client as Foxglove is one: what it was told, and its messages by subscription. */
function look(url: string, protocol: string | undefined, headers: Record<string, string> = {}) {
  const socket = new WebSocket(url, protocol === undefined ? [] : [protocol], { headers });
  const told: { op: string; channels?: { id: number; topic: string; schema: string; schemaName: string }[] }[] = [];
  const got: { id: number; ns: bigint; payload: Buffer }[] = [];
  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) told.push(JSON.parse(data.toString()));
    else got.push({ id: data.readUInt32LE(1), ns: data.readBigUInt64LE(5), payload: data.subarray(13) });
  });
  const closed = new Promise<number>((resolve) => socket.on('close', resolve));
  const failed = new Promise<string>((resolve) => socket.on('error', ({ message }) => resolve(message)));
  const topics = () => told.flatMap(({ channels = [] }) => channels);
  const subscribe = (topic: string, id: number) => {
    const channelId = topics().find((channel) => channel.topic === topic)!.id;
    socket.send(JSON.stringify({ op: 'subscribe', subscriptions: [{ id, channelId }] }));
  };
  return { socket, told, got, closed, failed, topics, subscribe };
}

describe('Foxglove looks on', () => {
  it.each(['foxglove.sdk.v1', 'foxglove.websocket.v1'])(
    'by %s: numbers, words, paths and pictures',
    async (protocol) => {
      const server = await serve();
      const { told, got, topics, subscribe, socket } = look(server.url, protocol);
      await eventually(() => expect(topics().length).toBeGreaterThanOrEqual(3));
      expect(told[0]).toMatchObject({ op: 'serverInfo', name: 'premotor two-room' });
      server.publishFrame('camera', cameraAt(1)); // a new channel is advertised when there is something on it
      await eventually(() => expect(topics().map(({ topic }) => topic)).toContain('/camera'));
      for (const [i, topic] of ['/camera', '/state', '/log', '/plan'].entries()) subscribe(topic, 40 + i);
      const published = () => {
        server.publish({ ...snapshotAt(1), log: 'goal 1' });
        server.publishFrame('camera', cameraAt(1));
      };
      await eventually(() => {
        published();
        expect(new Set(got.map(({ id }) => id))).toEqual(new Set([40, 41, 42, 43]));
      });
      const first = (id: number) => got.find((message) => message.id === id)!;
      expect(first(40).ns).toBe(7_000_000_123n);
      const { schema, schemaName } = topics().find(({ topic }) => topic === '/camera')!;
      const image = rosDecoder('ros1', schema, schemaName)(first(40).payload) as Record<string, unknown>;
      expect(image).toMatchObject({ width: 64, height: 64, encoding: 'rgb8', step: 192 });
      expect(image.data).toEqual(cameraAt(1).data);
      expect(JSON.parse(String(first(41).payload))).toMatchObject({
        distance: snapshotAt(1).distance,
        phase: 'running',
      });
      expect(JSON.parse(String(first(42).payload))).toEqual({ text: 'goal 1' });
      expect(JSON.parse(String(first(43).payload)).best).toEqual(snapshotAt(1).paths!.best);
      socket.send(JSON.stringify({ op: 'unsubscribe', subscriptionIds: [40] }));
      socket.close();
    },
  );

  it('and nobody else: no foreign page, no other protocol, and no word is obeyed', async () => {
    const server = await serve();
    expect(await look(server.url, 'foxglove.sdk.v1', { Origin: 'https://evil.example' }).failed).toMatch(/401/);
    expect(await look(server.url, 'chat').failed).toMatch(/subprotocol/i);
    const rude = look(server.url, 'foxglove.sdk.v1', { Origin: 'https://app.foxglove.dev' });
    await eventually(() => expect(rude.told.length).toBeGreaterThan(0));
    rude.socket.send('nonsense');
    expect(await rude.closed).toBe(1008);
    server.publish(snapshotAt(1)); // and nothing is lost by it
  });

  it('says in a line that its port is taken', async () => {
    const { port } = new URL((await serve()).url);
    await expect(serve(Number(port))).rejects.toThrow(`Foxglove cannot be served on port ${port}: EADDRINUSE`);
  });
});

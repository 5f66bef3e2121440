import { Ros, Service, Topic } from 'roslib';

/** A stock roslib client, connected. */
export async function openRoslib(url: string): Promise<Ros> {
  const ros = new Ros({ url });
  ros.on('error', () => {}); // `close` follows
  await new Promise<void>((resolve) => ros.once('connection', () => resolve()));
  return ros;
}

/** The first message of a topic, or of those that fit. */
export function firstMessage<M = Record<string, unknown>>(
  ros: Ros,
  name: string,
  messageType: string,
  compression: string,
  fits: (message: M) => boolean = () => true,
): Promise<M> {
  const topic = new Topic<M>({ ros, name, messageType, compression, queue_length: 1 });
  return new Promise((resolve) => {
    topic.subscribe((message) => {
      if (!fits(message)) return;
      topic.unsubscribe();
      resolve(message);
    });
  });
}

/** Counts what comes on a topic. */
export function countMessages(
  ros: Ros,
  name: string,
  messageType: string,
  options: Record<string, unknown> = {},
): { readonly count: number; reaches(count: number): Promise<void> } {
  const topic = new Topic({ ros, name, messageType, ...options });
  let count = 0;
  topic.subscribe(() => {
    count++;
  });
  return {
    get count() {
      return count;
    },
    reaches: (wanted) => new Promise((resolve) => topic.subscribe(() => void (count >= wanted && resolve()))),
  };
}

/** A service's answer; rejects with what the server says when it fails. */
export function callStock(ros: Ros, name: string, args: Record<string, unknown> = {}): Promise<unknown> {
  const service = new Service({ ros, name, serviceType: '' });
  return new Promise((resolve, reject) => {
    service.callService(args, resolve, (error) => reject(new Error(error)));
  });
}

/** A velocity on stock roslib's wire. */
export const twist = (forward: number, turn = 0) => ({
  linear: { x: forward, y: 0, z: 0 },
  angular: { x: 0, y: 0, z: turn },
});

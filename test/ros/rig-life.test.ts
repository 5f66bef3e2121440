import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it, onTestFinished, vi } from 'vitest';
import { WebSocket } from 'ws';
import { describeRos } from './describe-ros.ts';
import { type RigOptions, startRig } from './rig.ts';
import { untilHeard } from './wire.ts';

async function rigFor(options: RigOptions) {
  const rig = await startRig(options);
  onTestFinished(() => rig.stop());
  return rig;
}

/** Where a rig that ends badly leaves its logs. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'rig-life-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

describeRos('the life of a rig', () => {
  afterEach(() => void vi.unstubAllEnvs());

  it('restarts parts at their old places', async () => {
    const rig = await rigFor({});
    const { url, pids } = rig;
    await rig.kill('bridge');
    await expect(untilHeard(url, [], () => false)).rejects.toThrow('ECONNREFUSED');
    await rig.restart('bridge');
    expect(rig.url).toBe(url);
    expect(rig.pids.bridge).not.toBe(pids.bridge);
    const ask = { op: 'call_service', id: 'a', service: '/robot/enable', args: { data: false } };
    const answer = await untilHeard(url, [ask], ({ op }) => op === 'service_response');
    expect(answer).toMatchObject({ id: 'a', result: true });
    await rig.restart('robot');
    expect((await rig.peek()).robot.enabled).toBe(true);
  });

  it('shows the log of a part that could not start', async () => {
    vi.stubEnv('TMPDIR', temporaryFolder());
    await expect(startRig({ width: 8 })).rejects.toThrow(/robot ended at its start:[\s\S]*at least 16 wide/);
  });

  it('ends with its process, however that ends, a stopped part included', async () => {
    const started = fileURLToPath(new URL('./rig-child.ts', import.meta.url));
    const child = spawn(process.execPath, ['--import', 'tsx', started], {
      env: { ...process.env, TMPDIR: temporaryFolder() },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    const pids = JSON.parse(line) as number[];
    expect(pids.filter(lives)).toEqual(pids);
    child.kill('SIGKILL');
    while (pids.some(lives)) await new Promise((resolve) => setTimeout(resolve, 10));
  });

  it('keeps its memory while a client does not read', async () => {
    const rig = await rigFor({ width: 640, height: 480, hz: 30 });
    const socket = new WebSocket(rig.url);
    await once(socket, 'open');
    const wish = { op: 'subscribe', topic: '/cam/image_raw', type: 'sensor_msgs/Image', compression: 'cbor' };
    socket.send(JSON.stringify({ ...wish, queue_length: 1 }));
    await once(socket, 'message');
    socket.pause();
    await pictures(30);
    const before = residentBytes(rig.pids.bridge);
    await pictures(60);
    expect(residentBytes(rig.pids.bridge) - before).toBeLessThan(30 * 640 * 480 * 3);
    socket.terminate();

    async function pictures(count: number) {
      const { robot } = await rig.peek();
      await rig.until((dump) => dump.robot.frames >= robot.frames + count);
    }
  });

  it('lets in who knows its token', async () => {
    const rig = await rigFor({ token: 'abc' });
    const ask = { op: 'call_service', service: '/rosapi/get_time' };
    const isAnswer = ({ op }: Record<string, unknown>) => op === 'service_response';
    await expect(untilHeard(rig.url, [ask], isAnswer)).rejects.toThrow('401');
    const answer = await untilHeard(rig.url, [ask], isAnswer, { Authorization: 'Bearer abc' });
    expect(answer.result).toBe(true);
  });

  it('lets in who says the secret first, and may be without rosapi', async () => {
    const rig = await rigFor({ secret: 'abc', rosapi: false });
    const ask = { op: 'call_service', service: '/rosapi/get_time' };
    const isAnswer = ({ op }: Record<string, unknown>) => op === 'service_response';
    await expect(untilHeard(rig.url, [ask], isAnswer)).rejects.toThrow('closed');
    const mac = createHash('sha512')
      .update('abcclient' + 'dest' + 'rand' + '1' + 'user' + '2')
      .digest('hex');
    const auth = { op: 'auth', mac, client: 'client', dest: 'dest', rand: 'rand', t: 1, level: 'user', end: 2 };
    const answer = await untilHeard(rig.url, [auth, ask], isAnswer);
    expect(answer).toMatchObject({ result: false, values: 'Service /rosapi/get_time does not exist' });
  });
});

const lives = (pid: number) => existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(status(pid));
const residentBytes = (pid: number) => 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(status(pid))![1]);

function status(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch {
    return 'State:\tZ';
  }
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ros, Topic } from 'roslib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDataset } from '../../src/data/reader.ts';
import { type RecordingWriter, readRecording, recordingWriter } from '../../src/data/recording.ts';
import type { Frame } from '../../src/drivers/driver.ts';
import { eventually, listenTo } from '../page/listener.ts';
import { ended, lastLine, premotor, start } from './program.ts';
import { driving, listening, mindOf, running, simulated, witness } from './ros.ts';

type Count = { readonly total: number; readonly equal: number };
type Replayed = {
  readonly plans: Count;
  readonly wishes: Count;
  readonly commands: Count;
  readonly ok: boolean;
  readonly difference?: string;
  readonly lost?: string;
};

/** Writes a recording anew, with other frames of the camera. */
async function rewritten(from: string, to: string, change: (frame: Frame) => Frame): Promise<void> {
  let writer: RecordingWriter | undefined;
  for await (const told of readRecording(from)) {
    if (told.kind === 'header') writer = recordingWriter(to, told.header, { pendingBytes: 1 << 30 });
    else if (told.kind === 'frame') {
      const frame = told.name === 'goal' ? told.frame : change(told.frame);
      writer!.frame(told.name, told.timeMs, frame);
    } else if (told.kind === 'command') writer!.command(told.timeMs, told.action);
    else if (told.kind === 'event') writer!.journal(told.event);
  }
  await writer!.close();
  expect(writer!.dropped).toBe(0);
}

describe('a run that is recorded', () => {
  let robot: Awaited<ReturnType<typeof simulated>>;
  let path: string;
  let turned: string;
  beforeAll(async () => {
    robot = await simulated('--rate', '20');
    path = join(robot.folder, 'drive.mcap');
    const run = running(robot.url, '--goal', robot.goal, '--arm', '--record', path);
    await run.says(/^moving/m);
    for (let lines = 0; lines < 2; lines++) await run.says(/plans\/s; link/, run.text().length);
    run.child.kill('SIGTERM');
    expect((await run.end).code).toBe(143);
  });
  afterAll(() => robot.close());

  it('is replayed to the bit', async () => {
    const { code, stdout } = await premotor('replay', path, '--json');
    const { plans, wishes, commands, ok } = lastLine(stdout) as Replayed;
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    for (const { total, equal } of [plans, wishes, commands]) {
      expect(total).toBeGreaterThan(10);
      expect(equal).toBe(total);
    }
  });

  it('is shown on the page as it happened, and held on request', async () => {
    const showing = start(['replay', path, '--page', '--port', '0', '--speed', '4', '--json']);
    const [, url] = await listening(showing).says(/the page is at (http:\S+)/);
    const end = ended(showing);
    const page = listenTo(url!);
    await page.opened;
    await eventually(() => expect(page.snapshots().length).toBeGreaterThan(3));
    page.socket.send(JSON.stringify({ kind: 'pause' }));
    await eventually(() => expect(page.snapshots().at(-1)).toMatchObject({ phase: 'paused' }));
    const held = page.pictures().length;
    page.socket.send(JSON.stringify({ kind: 'run' }));
    await eventually(() => expect(page.pictures().length).toBeGreaterThan(held));
    const { code, stdout } = await end;
    expect(code).toBe(0);
    const { frames } = lastLine(stdout) as { frames: number };
    expect(frames).toBeGreaterThan(10);
    const snapshots = page.snapshots();
    expect(snapshots.some(({ action }) => action.some((value) => value !== 0))).toBe(true);
    expect(snapshots.flatMap(({ log }) => log ?? []).join(' ')).toMatch(/armed/);
    expect(snapshots.at(-1)).toMatchObject({ phase: 'done', task: 'two-room, recorded' });
  });

  it('planned as it was told, and looked at more futures when the page said so, is replayed to the bit', async () => {
    turned = join(robot.folder, 'turned.mcap');
    const given = ['--url', robot.url, '--goal', robot.goal, '--arm', '--record', turned];
    const told = ['--planner', 'icem', '--mode', 'plan', '--cost', 'critic=1,effort=0.01', '--horizon', '4'];
    const run = driving(...given, '--config', robot.config({ resumeWithinMs: 60_000 }), '--port', '0', ...told);
    const [, url] = await run.says(/the page is at (http:\S+)/);
    const page = listenTo(url!);
    await page.opened;
    await run.says(/^moving/m);
    const since = run.text().length;
    page.socket.send(JSON.stringify({ kind: 'tune', samples: 48, horizon: 3, weights: { effort: 0.5 } }));
    await run.says(/the mind is ready/, since);
    expect(page.snapshots().at(-1)).toMatchObject({ horizon: 4, samples: 64 });
    await eventually(() => expect(page.snapshots().at(-1)).toMatchObject({ horizon: 3, samples: 48 }));
    for (let lines = 0; lines < 2; lines++) await run.says(/plans\/s; link/, run.text().length);
    run.child.kill('SIGTERM');
    expect((await run.end).code).toBe(143);
    const { code, stdout } = await premotor('replay', turned, '--json');
    const { ok, difference } = lastLine(stdout) as Replayed;
    expect({ code, ok, difference }).toEqual({ code: 0, ok: true, difference: undefined });
  });

  it('told what to reach in words, at first and from the page, is replayed to the bit', async () => {
    const asked = join(robot.folder, 'asked.mcap');
    const given = ['--url', robot.url, '--say', 'in the left room', '--arm', '--record', asked];
    const run = driving(...given, '--config', robot.config({ resumeWithinMs: 60_000 }), '--port', '0');
    const [, url] = await run.says(/the page is at (http:\S+)/);
    const page = listenTo(url!);
    await page.opened;
    await run.says(/wanted: the dot is in the left room \(a remembered moment, \d+ % sure\)/);
    await run.says(/^moving/m);
    await eventually(() =>
      expect(page.snapshots().at(-1)).toMatchObject({
        asked: 'the dot is in the left room',
        said: { seen: expect.stringMatching(/^the dot is /), end: expect.stringMatching(/^the dot is /) },
      }),
    );
    page.socket.send(JSON.stringify({ kind: 'ask', words: 'in the cellar' }));
    await run.says(/"cellar" is not understood in "in the cellar"; .*it can be said of the dot: /);
    page.socket.send(JSON.stringify({ kind: 'ask', words: 'right room, at the bottom' }));
    await run.says(/wanted: the dot is in the right room and at the bottom/);
    await eventually(() =>
      expect(page.snapshots().at(-1)).toMatchObject({ asked: 'the dot is in the right room and at the bottom' }),
    );
    for (let lines = 0; lines < 2; lines++) await run.says(/plans\/s; link/, run.text().length);
    run.child.kill('SIGTERM');
    expect((await run.end).code).toBe(143);
    const { code, stdout } = await premotor('replay', asked, '--json');
    const { ok, difference, plans } = lastLine(stdout) as Replayed;
    expect({ code, ok, difference }).toEqual({ code: 0, ok: true, difference: undefined });
    expect(plans.total).toBeGreaterThan(10);
  });

  it('is told in a report: what it saw, imagined and wanted at the same moments, and how long it thought', async () => {
    const out = join(robot.folder, 'ride.html');
    expect((await premotor('report', turned, '--out', out)).code).toBe(0);
    const page = readFileSync(out, 'utf8');
    for (const film of ['camera', 'imagined', 'goal'])
      expect(page).toMatch(new RegExp(`${film}: (\\d+\\.\\d s, ){9}\\d+\\.\\d s`));
    expect(page).toContain('How long it thought');
  });

  it('that went on with another mind is replayed to the bit', async () => {
    const killed = join(robot.folder, 'killed.mcap');
    const config = robot.config({ resumeWithinMs: 60_000 });
    const run = running(robot.url, '--config', config, '--goal', robot.goal, '--arm', '--record', killed);
    await run.says(/^moving/m);
    const before = run.text().length;
    process.kill(mindOf(run.child), 'SIGKILL');
    await run.says(/the mind is ready/, before);
    await run.says(/^moving/m, before);
    await run.says(/plans\/s; link/, run.text().length);
    run.child.kill('SIGINT');
    expect((await run.end).code).toBe(130);
    const { stdout } = await premotor('replay', killed, '--json');
    expect(lastLine(stdout)).toMatchObject({ ok: true });
  });

  it('cut off: what is left is replayed', async () => {
    const bytes = readFileSync(path);
    const cut = robot.file('cut.mcap', bytes.subarray(0, Math.floor(bytes.length * 0.7)));
    const { code, stdout } = await premotor('replay', cut, '--json');
    const { commands, plans, ok, lost } = lastLine(stdout) as Replayed;
    expect({ code, ok }).toEqual({ code: 0, ok: true });
    expect(lost).toMatch(/bytes at its end are lost/);
    expect(commands.total).toBeGreaterThan(10);
    expect(commands.equal).toBe(commands.total);
    expect(plans.equal).toBe(plans.total);
    const asText = await premotor('replay', cut);
    expect(asText.stdout).toMatch(/^the recording is cut off: \d+ bytes/m);
  });

  it.each([
    ['a word of the journal', '"reason":"', '"reason":"X'],
    ['a byte of a frame', 'rgb8', ''],
  ])('with %s altered on the disk: it says that it is damaged', async (_, word, instead) => {
    const bytes = Buffer.from(readFileSync(path));
    const at = bytes.lastIndexOf(word, Math.floor(bytes.length / 2));
    expect(at).toBeGreaterThan(0);
    if (instead) bytes.write(instead, at);
    else bytes[at + 5000]! ^= 1; // within the picture that is called so
    const { code, stdout, stderr } = await premotor('replay', robot.file('altered.mcap', bytes), '--json');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: .* is damaged/m);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  it('with other frames, written anew: it says where it parts', async () => {
    const whole = join(robot.folder, 'anew.mcap');
    await rewritten(path, whole, (frame) => frame);
    expect(lastLine((await premotor('replay', whole, '--json')).stdout)).toMatchObject({ ok: true });
    const other = join(robot.folder, 'other.mcap');
    let count = 0;
    // upside down from the twentieth on
    await rewritten(path, other, (frame) => (count++ < 20 ? frame : { ...frame, data: frame.data.toReversed() }));
    const { code, stdout, stderr } = await premotor('replay', other, '--json');
    const { plans, commands, difference, ok } = lastLine(stdout) as Replayed;
    expect({ code, ok }).toEqual({ code: 1, ok: false });
    expect(plans.equal).toBeLessThan(plans.total);
    expect(commands.equal).toBe(commands.total); // they were judged, not thought
    expect(difference).toMatch(/^plans at \d/);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect((await premotor('replay', other)).stdout).toMatch(/^✗ \d+ of \d+ plans are the same/m);
  });

  it('no recording, or one of no run: one line', async () => {
    const none = await premotor('replay', join(robot.folder, 'none.mcap'));
    expect(none.code).toBe(1);
    expect(none.stderr).toMatch(/^error: /m);
    const text = await premotor('replay', robot.file('text.mcap', 'hello'));
    expect(text.code).toBe(1);
    expect(text.stderr).not.toMatch(/^\s+at /m);
  });

  it('premotor record looks on while another drives; convert makes episodes of it', async () => {
    const ros = new Ros({ url: robot.url });
    await new Promise((resolve) => ros.once('connection', resolve));
    const topic = new Topic({ ros, name: '/cmd_vel', messageType: 'geometry_msgs/msg/Twist' });
    const driving = setInterval(
      () => topic.publish({ linear: { x: Math.random() - 0.5, y: 0.3, z: 0 }, angular: { x: 0, y: 0, z: 0 } }),
      50,
    );
    const seen = join(robot.folder, 'seen.mcap');
    const config = ['--config', 'examples/two-room.yaml'];
    const made = await premotor(
      'record',
      '--url',
      robot.url,
      ...config,
      '--out',
      seen,
      '--size',
      '64',
      '--duration',
      '4',
      '--json',
    );
    clearInterval(driving);
    ros.close();
    expect(made.code).toBe(0);
    const { frames, commands, dropped } = lastLine(made.stdout) as Record<string, number>;
    expect(frames).toBeGreaterThan(20);
    expect(commands).toBeGreaterThan(20);
    expect(dropped).toBe(0);
    const out = join(robot.folder, 'data');
    const converted = await premotor('convert', seen, ...config, '--out', out, '--json');
    expect(converted.code).toBe(0);
    const data = await openDataset(out);
    expect(data.episodes).toBeGreaterThan(0);
    expect(data.meta.actionSize).toBe(2);
    expect([...data.actions(0, 5, 15)].some((value) => value !== 0)).toBe(true);
    data.close();
  });

  it('premotor record sends nothing, and on Ctrl-C leaves a recording that is whole', async () => {
    const sees = await witness(robot.url);
    const before = await sees.state();
    const alone = join(robot.folder, 'alone.mcap');
    const args = ['--url', robot.url, '--config', 'examples/two-room.yaml', '--out', alone, '--json'];
    const child = start(['record', ...args]);
    const end = ended(child);
    await listening(child).says(/record [1-9]\d*\.?\d*\/.* [1-9]\d* frames/);
    child.kill('SIGINT');
    const { code, stdout, stderr } = await end;
    expect(code).toBe(130);
    expect(stderr).not.toMatch(/^\s+at /m);
    const { frames, commands } = lastLine(stdout) as Record<string, number>;
    expect(commands).toBe(0);
    expect((await sees.state()).commands).toBe(before.commands);
    expect(sees.heard).toEqual([]);
    sees.close();
    const kinds: string[] = [];
    for await (const { kind } of readRecording(alone)) kinds.push(kind);
    expect(kinds[0]).toBe('header');
    expect(kinds.at(-1)).toBe('end');
    expect(kinds.filter((kind) => kind === 'frame')).toHaveLength(frames!);
  });

  it('records no camera that is not there', async () => {
    const text = readFileSync('examples/two-room.yaml', 'utf8').replace('topic: /camera/image_raw', 'topic: /nowhere');
    const config = robot.file('other.yaml', text);
    const { code, stderr } = await premotor(
      'record',
      '--url',
      robot.url,
      '--config',
      config,
      '--out',
      join(robot.folder, 'x.mcap'),
    );
    expect(code).toBe(4);
    expect(stderr).toMatch(/nobody publishes \/nowhere/);
  });
});

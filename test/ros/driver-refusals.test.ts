import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PremotorError } from '../../src/errors.ts';
import { selfSigned } from '../support/certificate.ts';
import { isRest } from './arrivals.ts';
import { describeRos } from './describe-ros.ts';
import { arm, driving, ends, find, moves, twistAxes, wanting } from './driving.ts';
import { type Rig, type RigOptions, startRig } from './rig.ts';

/** What a user would be told: one line. */
async function refusal(attempt: () => unknown): Promise<string> {
  try {
    await attempt();
  } catch (error) {
    expect(error).toBeInstanceOf(PremotorError);
    expect((error as PremotorError).message).not.toMatch(/\n/);
    return (error as PremotorError).message;
  }
  throw new Error('nothing was refused');
}

describeRos('what does not fit the robot is refused in one line, and nothing is sent', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig({ faults: true });
  });
  afterAll(() => rig?.stop());

  it.each([
    [
      'a camera that is none',
      { cameras: { front: { topic: '/joint_states' } } },
      /\/joint_states must be a sensor_msgs\/Image or sensor_msgs\/CompressedImage, got sensor_msgs\/JointState/,
    ],
    [
      'a camera that nobody has',
      { cameras: { front: { topic: '/cam/image_rav' } } },
      /nobody publishes \/cam\/image_rav; did you mean \/cam\/image_raw\?/,
    ],
    [
      'commands that nobody hears',
      { actions: { topic: '/cmd_velo', type: 'geometry_msgs/Twist', axes: twistAxes } },
      /nobody subscribes to \/cmd_velo; did you mean \/cmd_vel\?/,
    ],
    [
      'commands of another type',
      { actions: { topic: '/cmd_vel', type: 'geometry_msgs/TwistStamped', axes: twistAxes } },
      /\/cmd_vel must be a geometry_msgs\/TwistStamped, got geometry_msgs\/Twist/,
    ],
  ])('%s', async (_, changes, message) => {
    await rig.dump();
    const robot = await find(rig, changes);
    expect(await refusal(() => robot.drive())).toMatch(message);
    const { arrivals, publishers } = await rig.dump();
    expect(Object.values(arrivals).flat()).toEqual([]);
    expect(Object.values(publishers)).toEqual([0, 0, 0, 0]);
  });

  it('a ROS master that does not answer', async () => {
    await rig.pause('master');
    ends.push(() => rig.resume('master'));
    expect(await refusal(() => find(rig))).toMatch(/\/rosapi\/topics has not answered within 2000 ms/);
  });

  it('a bridge that does not answer', async () => {
    await rig.pause('bridge');
    ends.push(() => rig.resume('bridge'));
    expect(await refusal(() => find(rig, {}, { patienceMs: 2000 }))).toMatch(
      /nothing that is a rosbridge answers at ws:/,
    );
  });
});

describeRos('a bridge behind a lock', () => {
  const locked = async (options: RigOptions) => {
    const rig = await startRig({ faults: true, ...options });
    ends.push(() => rig.stop());
    return rig;
  };
  /** Connected both ways: for commands as well. */
  const drives = async (rig: Rig, ros: object) => {
    const made = await driving(rig, wanting([0.3, 0]), { ros });
    await arm(made);
    await rig.until(moves);
    await made.stop();
    await rig.until(({ arrivals }) => isRest(arrivals['/cmd_vel'].at(-1)!));
  };

  it('wss with an authority of its own, and not without', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ros-tls-'));
    ends.push(() => rmSync(folder, { recursive: true }));
    const { cert, key } = selfSigned();
    const files = { certificate: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
    writeFileSync(files.certificate, cert);
    writeFileSync(files.key, key);
    const rig = await locked({ tls: files });
    expect(rig.url).toMatch(/^wss:/);
    await drives(rig, { ca: files.certificate });
    expect(await refusal(() => find(rig, {}, { patienceMs: 2000 }))).toMatch(
      /nothing that is a rosbridge answers at wss:.*self-signed/,
    );
  });

  it('a token in the header, and not another', async () => {
    const rig = await locked({ token: 'open-sesame' });
    await drives(rig, { token: 'open-sesame' });
    expect(await refusal(() => find(rig, { ros: { token: 'open-barley' } }, { patienceMs: 2000 }))).toMatch(/401/);
  });

  it('the auth operation, as rosauth checks it', async () => {
    const rig = await locked({ secret: 'of the robot' });
    const auth = {
      client: 'premotor',
      dest: 'robot',
      rand: 'abc',
      t: 1_700_000_000,
      level: 'user',
      end: 1_900_000_000,
    };
    const mac = createHash('sha512')
      .update(`of the robot${Object.values(auth).join('')}`)
      .digest('hex');
    await drives(rig, { auth: { ...auth, mac } });
    const forged = { ...auth, mac: mac.replace(/^./, 'x') };
    await expect(find(rig, { ros: { auth: forged } })).rejects.toMatchObject({
      message: expect.stringMatching(/\/rosapi\/topics (has not answered|cannot be asked)/),
      hint: expect.stringMatching(/is ros\.auth right\?/),
    });
  });
});

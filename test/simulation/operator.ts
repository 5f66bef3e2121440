import type { VirtualClock } from '../../src/clock.ts';
import type { Random } from '../../src/random.ts';
import type { Interlock } from '../../src/safety/interlock.ts';
import type { BodyClock } from './body-clock.ts';
import type { Fault } from './faults.ts';
import type { Truth } from './invariants.ts';

export type OperatorOptions = {
  readonly world: VirtualClock;
  readonly body: BodyClock;
  readonly random: Random;
  readonly lock: Interlock;
  readonly truth: Truth;
  /** Called when a press has been taken (`again`: it was pressed already), and when an arming has been. */
  readonly onPressed: (again: boolean) => void;
  readonly onArmed: () => void;
  readonly report: (invariant: string, what: string) => void;
};

/** People: they arm the robot, stop it at bad moments, and after a while make it go again. What they allow is the truth. */
export function operator({ world, body, random, lock, truth, onPressed, onArmed, report }: OperatorOptions) {
  let presses = 0;
  let disarmings = 0;
  let armings = 0;
  let latched = false;
  let armedMs: number | undefined;
  const act = (work: () => void) => body.awake(work);
  const forbid = () => {
    truth.allowed = false;
    armedMs = undefined;
  };
  const press = () =>
    act(() => {
      presses++;
      const again = latched;
      latched = true;
      lock.press('someone');
      forbid();
      onPressed(again);
    });
  const reset = (epoch: number) =>
    act(() => {
      lock.reset(epoch, 'someone');
      if (epoch === presses) latched = false;
    });
  const disarm = () =>
    act(() => {
      disarmings++;
      lock.disarm('someone');
      forbid();
    });
  const arm = () =>
    act(() => {
      const asked = { presses, disarmings };
      const armed = lock.state.armed;
      void lock.arm('someone').then(({ done }) => {
        if (!done || armed) return;
        if (latched) report('I3', 'armed while the e-stop is pressed');
        if (disarmings !== asked.disarmings) report('I11', 'armed by a request from before it was disarmed');
        if (presses !== asked.presses) report('I16', 'armed by a request from before the e-stop was pressed');
        if (truth.allowed) return;
        armings++;
        onArmed();
        truth.allowed = true;
        truth.allowedSinceMs = body.now();
        armedMs = world.now();
      });
    });
  // what the body itself forbids (held for too long) is no longer allowed either
  lock.state$.subscribe(({ armed }) => {
    if (!armed) forbid();
  });
  const mend = (everyMs: number) =>
    world.schedule(function () {
      if (lock.state.pressed) reset(lock.state.epoch);
      if (!lock.state.armed) arm();
      this.schedule(undefined, everyMs * (0.5 + random.uniform()));
    });

  return {
    presses: () => presses,
    armings: () => armings,
    armedMs: () => armedMs,
    begin: () => {
      world.schedule(() => mend(2500), 500);
    },
    calm: () => {
      mend(300);
    },
    trouble: (fault: Fault) => {
      const soon = () => 200 * random.uniform();
      const stale = Math.max(0, lock.state.epoch - 1);
      if (fault === 'e-stop pressed') press();
      if (fault === 'e-stop pressed twice') for (let i = 0; i < 2; i++) world.schedule(press, soon());
      if (fault === 'reset replayed') {
        press();
        world.schedule(() => reset(stale), soon());
        world.schedule(arm, soon());
      }
      if (fault === 'reset and press at once') {
        press();
        reset(lock.state.epoch);
        arm();
        press();
      }
      if (fault === 'disarmed') {
        disarm();
        disarm();
        arm();
        disarm();
      }
      if (fault === 'armed twice') {
        arm();
        arm();
      }
    },
  };
}

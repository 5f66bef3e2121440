import { setTimeout as wait } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import { serve } from '../../src/compute/worker-calls.ts';

serve(parentPort!, {
  sleep: async (ms: number) => {
    await wait(ms);
    return ms;
  },
  fail: async (message: string) => {
    throw new RangeError(message);
  },
  exit: async (code: number) => process.exit(code),
});

import { describe, expect, it } from 'vitest';
import { findTask, tasks } from '../../sim/tasks.ts';

describe('the tasks', () => {
  it('are found by their own names', () => {
    for (const [name, task] of Object.entries(tasks)) {
      expect(task.name).toBe(name);
      expect(findTask(name)).toBe(task);
    }
  });

  it('suggest the nearest name', () => {
    expect(() => findTask('tworoom')).toThrow(
      expect.objectContaining({ name: 'UsageError', exitCode: 2, hint: "did you mean 'two-room'?" }),
    );
    expect(() => findTask('zzzzzz')).toThrow(
      expect.objectContaining({ hint: expect.stringMatching(/known: two-room/) }),
    );
    expect(() => findTask('constructor')).toThrow(/no task 'constructor'/);
  });
});

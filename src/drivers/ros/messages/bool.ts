import { bad, field, fieldsOf } from '../check.ts';

/** What a `std_msgs/Bool` says. Throws `BadMessage`: an e-stop that cannot be read is no `false`. */
export function readBool(message: unknown): boolean {
  const data = field(fieldsOf(message, 'the Bool'), 'data');
  if (typeof data === 'boolean') return data;
  throw bad('data', 'true or false', data);
}

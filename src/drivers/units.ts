import { BadConfig } from '../errors.ts';

/**
 * A number in `unit` from text such as `0.5 m/s`, `30 deg/s` or `3 mm`; plain numbers are in `unit` already. `unit` is `''`
 * where there is none. `what` names the value in the error. Throws `BadConfig`.
 */
export type Quantity = (value: string | number, unit: string, what?: string) => number;

/** The reader of quantities. Loads mathjs, which takes half a second: once, and only when somebody asks. */
export async function unitReader(): Promise<Quantity> {
  const parse = await parser();
  return (value, unit, what = 'value') => {
    const refuse = (hint: string, cause?: unknown) =>
      new BadConfig(`${what} must be ${expected(unit)}, got ${show(value)}`, { hint, cause });
    if (typeof value === 'number') {
      if (Number.isFinite(value)) return value;
      throw refuse('write a finite number');
    }
    const [, number, of] = value.trim().match(QUANTITY) ?? [];
    if (number === undefined || of === undefined || value.length > LONGEST) throw refuse(example(unit));
    let read = Number(number);
    if (of !== '' && of !== unit) {
      if (unit === '') throw refuse('this one has no unit: write the number alone');
      try {
        read = parse(`${number} ${of}`).toNumber(unit);
      } catch (cause) {
        throw refuse(
          /not found/.test(String(cause)) ? `there is no unit '${of}'; ${example(unit)}` : example(unit),
          cause,
        );
      }
    }
    if (!Number.isFinite(read)) throw refuse('write a finite number');
    return read;
  };
}

/** A number, then maybe the name of a unit. */
const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)\s*((?:[A-Za-z][\w\s^*/().-]*)?)$/i;
const LONGEST = 64;

type Parser = (text: string) => { toNumber(unit: string): number };
let loading: Promise<Parser> | undefined;

function parser(): Promise<Parser> {
  loading ??= import('mathjs').then(({ create, unitDependencies }) => {
    const { unit } = create({ unitDependencies: unitDependencies! });
    return (text) => unit(text);
  });
  return loading;
}

const expected = (unit: string) => (unit === '' ? 'a number' : `a quantity in ${unit}`);
const example = (unit: string) =>
  unit === '' ? 'write a number, as 0.5' : `write it as 0.5 ${unit}, or as a plain number`;
const show = (value: unknown) => {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}...` : text;
};

import type { Shape } from './engine.ts';

export type ElementType = 'float' | 'int32' | 'int64' | 'uint8' | 'bool';
export type ConstantData = Float32Array | Int32Array | BigInt64Array | Uint8Array;
/** A number is an integer attribute, an array integers, `{ float }` a float, a string a string. */
export type Attributes = Readonly<Record<string, number | readonly number[] | { readonly float: number } | string>>;

export type Node = {
  readonly op: string;
  readonly domain: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
  readonly attributes: Attributes;
};

/** What flows along an edge. A value with a `core` is that smaller value, broadcast: it is written out only where an operator needs it. */
export type Value = {
  readonly name: string;
  readonly shape: Shape;
  readonly type: ElementType;
  readonly core?: Value;
  /** A constant of one number. */
  readonly scalar?: number;
  readonly constant?: ConstantData;
  node?: Node;
};

export type NodeOptions = { readonly attributes?: Attributes; readonly domain?: string };

/** A graph under construction, in the order of execution. Equal operators on equal inputs are one. */
export interface Graph {
  readonly nodes: readonly Node[];
  readonly inputs: readonly Value[];
  readonly outputs: readonly { readonly name: string; readonly value: Value }[];
  input(name: string, shape: Shape, type: ElementType): Value;
  constant(data: ConstantData, shape: Shape, type: ElementType): Value;
  /** The same number everywhere. */
  uniform(number: number, shape: Shape, type: ElementType): Value;
  /** An int64 vector, as operators want for axes, shapes and slices. */
  ints(values: readonly number[]): Value;
  /** `value` seen at a larger shape; writes nothing yet. */
  broadcast(value: Value, shape: Shape): Value;
  node(op: string, inputs: readonly Value[], shape: Shape, type: ElementType, options?: NodeOptions): Value;
  /** An operator with several outputs. */
  multi(
    op: string,
    inputs: readonly Value[],
    outputs: readonly Pick<Value, 'shape' | 'type'>[],
    options?: NodeOptions,
  ): Value[];
  output(name: string, value: Value): void;
}

export const sizeOf = (shape: Shape): number => shape.reduce((product, length) => product * length, 1);
export const sameShape = (a: Shape, b: Shape): boolean =>
  a.length === b.length && a.every((length, axis) => length === b[axis]);
/** The value that a broadcast one is made of; any other value itself. */
export const coreOf = (value: Value): Value => value.core ?? value;
/** The number of a value that is one number everywhere. */
export const numberOf = (value: Value): number | undefined => coreOf(value).scalar;

export function graph(): Graph {
  const nodes: Node[] = [];
  const inputs: Value[] = [];
  const outputs: { name: string; value: Value }[] = [];
  const known = new Map<string, Value[]>();
  let count = 0;

  const once = (key: string, make: () => Value[]): Value[] => {
    const found = known.get(key) ?? make();
    known.set(key, found);
    return found;
  };
  const fresh = (shape: Shape, type: ElementType): Value => ({ name: `@${count++}`, shape, type });

  const self: Graph = {
    nodes,
    inputs,
    outputs,
    input(name, shape, type) {
      const value: Value = { name, shape, type };
      inputs.push(value);
      return value;
    },
    constant(data, shape, type) {
      const first = data[0];
      if (data.length > 0 && type !== 'int64' && data.every((item) => Object.is(item, first))) {
        return self.uniform(Number(first), shape, type);
      }
      return { ...fresh(shape, type), constant: data };
    },
    uniform(number, shape, type) {
      const kept = type === 'float' ? Math.fround(number) : type === 'bool' ? Number(number !== 0) : Math.trunc(number);
      const key = `scalar ${type} ${Object.is(kept, -0) ? '-0' : kept}`;
      const [core] = once(key, () => [{ ...fresh([], type), scalar: kept, constant: scalarData(kept, type) }]);
      return self.broadcast(core!, shape);
    },
    ints(values) {
      const data = BigInt64Array.from(values, (value) => BigInt(value));
      return once(`ints ${values.join()}`, () => [{ ...fresh([values.length], 'int64'), constant: data }])[0]!;
    },
    broadcast(value, shape) {
      const core = coreOf(value);
      return sameShape(core.shape, shape) ? core : { name: '', shape, type: core.type, core };
    },
    node: (op, operands, shape, type, options) => self.multi(op, operands, [{ shape, type }], options)[0]!,
    multi(op, operands, results, { attributes = {}, domain = '' } = {}) {
      const full = operands.map((operand) => expanded(self, operand));
      const names = full.map((value) => value.name).join(' ');
      const shapes = results.map(({ shape, type }) => `${type}[${shape.join()}]`).join();
      return once(`${domain}:${op}(${names})${JSON.stringify(attributes)}${shapes}`, () => {
        const made = results.map(({ shape, type }) => fresh(shape, type));
        const node: Node = { op, domain, inputs: full, outputs: made, attributes };
        for (const value of made) value.node = node;
        nodes.push(node);
        return made;
      });
    },
    output(name, value) {
      const named: Value = { name, shape: value.shape, type: value.type };
      const node: Node = {
        op: 'Identity',
        domain: '',
        inputs: [expanded(self, value)],
        outputs: [named],
        attributes: {},
      };
      nodes.push(node);
      outputs.push({ name, value: named });
    },
  };
  return self;
}

/** The value at its full shape, written out if it was only seen so. */
function expanded(g: Graph, value: Value): Value {
  if (value.core === undefined) return value;
  return g.node('Expand', [value.core, g.ints(value.shape)], value.shape, value.type);
}

function scalarData(number: number, type: ElementType): ConstantData {
  if (type === 'float') return Float32Array.of(number);
  if (type === 'int32') return Int32Array.of(number);
  if (type === 'int64') return BigInt64Array.of(BigInt(number));
  return Uint8Array.of(number);
}

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);
/** The largest half-precision number. */
const LARGEST = 65504;

/** Numbers in half precision, rounded to the nearest, to even at a tie (IEEE 754 binary16). Throws `RangeError` for what does not fit. */
export function halved(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, (value) => {
    const magnitude = Math.abs(value);
    const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
    if (!(magnitude <= LARGEST)) throw new RangeError(`half precision must have numbers to ${LARGEST}, got ${value}`);
    if (magnitude < 2 ** -14) return sign | roundToEven(magnitude * 2 ** 24); // subnormal
    float[0] = magnitude;
    const exponent = (bits[0]! >>> 23) - 127;
    return sign | ((exponent + 15) * 1024 + roundToEven((magnitude / 2 ** exponent - 1) * 1024));
  });
}

/** Half-precision numbers as floats. */
export function doubled(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, (half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const [exponent, fraction] = [(half >>> 10) & 0x1f, half & 0x3ff];
    if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
    return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
  });
}

function roundToEven(x: number): number {
  const floor = Math.floor(x);
  const rest = x - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}

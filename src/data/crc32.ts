import zlib from 'node:zlib';

/** Check sums of bytes, lowest bit first, by a polynomial. */
function summer(polynomial: number): (bytes: Uint8Array) => number {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let sum = byte;
    for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ polynomial : sum >>> 1;
    return sum;
  });
  return (bytes) => {
    let sum = 0xffffffff;
    for (let i = 0; i < bytes.length; i++) sum = table[(sum ^ bytes[i]!) & 255]! ^ (sum >>> 8);
    return ~sum >>> 0;
  };
}
const tableSum = summer(0xedb88320);

/** CRC-32C (Castagnoli), as in TensorFlow's records. */
export const crc32c = summer(0x82f63b78);

/** Node has it built in since 20.15. */
const native = (zlib as { readonly crc32?: (bytes: Uint8Array) => number }).crc32;

/** CRC-32 as in zlib, PNG and MCAP. */
export const crc32: (bytes: Uint8Array) => number = native ?? tableSum;

/** The one written here, for Node without. */
export const crc32Table = tableSum;

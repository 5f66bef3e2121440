import { generateKeyPairSync, sign } from 'node:crypto';

const der = (tag: number, ...parts: readonly (Uint8Array | string)[]): Buffer => {
  const body = Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
  const { length } = body;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), body]);
};
const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const oid = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const pem = (label: string, bytes: Buffer) =>
  [`-----BEGIN ${label}-----`, ...bytes.toString('base64').match(/.{1,64}/g)!, `-----END ${label}-----\n`].join('\n');

/** A certificate for 127.0.0.1 that has signed itself, and its key; both PEM. */
export function selfSigned(): { readonly cert: string; readonly key: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const algorithm = sequence(oid('2a8648ce3d040302')); // ecdsa-with-SHA256
  const name = sequence(der(0x31, sequence(oid('550403'), der(0x0c, 'a robot of the tests'))));
  const validity = sequence(der(0x17, '200101000000Z'), der(0x17, '491231235959Z'));
  const extension = (id: string, value: Uint8Array) => sequence(oid(id), der(0x04, value));
  const extensions = sequence(
    extension('551d11', sequence(der(0x87, Uint8Array.of(127, 0, 0, 1)))), // subjectAltName
    extension('551d13', sequence(der(0x01, Uint8Array.of(0xff)))), // basicConstraints: an authority
  );
  const what = sequence(
    der(0xa0, der(0x02, Uint8Array.of(2))),
    der(0x02, Uint8Array.of(1)),
    algorithm,
    name,
    validity,
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  );
  const signature = der(0x03, Uint8Array.of(0), sign('sha256', what, privateKey));
  return {
    cert: pem('CERTIFICATE', sequence(what, algorithm, signature)),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
  };
}

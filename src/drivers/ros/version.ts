import { BadConfig } from '../../errors.ts';
import { definitionsOf } from './definitions.ts';

export type RosVersion = 1 | 2;

/** How rosbridge packs what it sends; `png` is never asked for: it costs twenty times as much. */
export type Compression = 'cbor' | 'cbor-raw' | 'none';

/** A type's name for a server: `pkg/Type` for ROS 1, which refuses all else, `pkg/msg/Type` for ROS 2. Takes either. */
export function typeName(type: string, version: RosVersion): string {
  const plain = plainType(type);
  return version === 1 ? plain : plain.replace('/', '/msg/');
}

/** `pkg/Type`, from either naming; what is neither comes back unchanged. */
export const plainType = (type: string): string => type.replace(/^([^/]+)\/msg\/([^/]+)$/, '$1/$2');

/**
 * What to ask a server to pack a topic with. `auto` is `cbor` where that arrives, else `none`. Throws `BadConfig` when
 * `cbor` is asked for where it never arrives.
 */
export function compressionFor(type: string, version: RosVersion, wanted: Compression | 'auto'): Compression {
  const lost = version === 1 ? lostInCbor(plainType(type)) : undefined;
  if (wanted === 'auto') return lost === undefined ? 'cbor' : 'none';
  if (wanted === 'cbor' && lost !== undefined && lost !== UNKNOWN) {
    throw new BadConfig(
      `compression must not be cbor for ${plainType(type)} on ROS 1, got cbor: it holds ${lost}, and the server drops such messages without a word`,
      { hint: 'use auto, none or cbor-raw' },
    );
  }
  return wanted;
}

const UNKNOWN = 'fields that are not known here';

/**
 * Why a ROS 1 server never delivers a type as CBOR, if it does not. Its converter knows texts, numbers and unbounded
 * arrays of numbers; every other array it takes for one of messages, and fails on each element.
 */
function lostInCbor(type: string): string | undefined {
  const types = definitionsOf(type, 1);
  if (types === undefined) return UNKNOWN;
  for (const { definitions } of types) {
    for (const { type: element, isArray, isComplex, isConstant, arrayLength } of definitions) {
      if (!isArray || isComplex || isConstant) continue;
      if (/^(string|time|duration)$/.test(element)) return `${element}[]`;
      if (arrayLength !== undefined) return `${element}[${arrayLength}]`;
    }
  }
  return undefined;
}

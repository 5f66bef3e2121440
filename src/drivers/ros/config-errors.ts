import { z } from 'zod';
import { BadConfig } from '../../errors.ts';
import { nearest } from '../../nearest.ts';
import { robotSchema, type WrittenRobot } from './config-schema.ts';

const FORBIDDEN = ['__proto__', 'constructor', 'prototype'];
const DEEPEST = 32;

/** Refuses keys that could reach an object's prototype, and values that are not plain. */
export function refuseStrangeKeys(value: unknown, path: readonly string[] = []): void {
  if (path.length > DEEPEST) throw new BadConfig(`${show(path.slice(0, 4))}... is nested too deeply`);
  if (typeof value !== 'object' || value === null) return;
  const prototype = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw new BadConfig(`${show(path)} must be a plain value, got a ${prototype.constructor?.name ?? 'thing'}`);
  }
  for (const key of Object.keys(value)) {
    if (FORBIDDEN.includes(key)) throw new BadConfig(`${show(path)} must not have a key '${key}'`);
    refuseStrangeKeys((value as Record<string, unknown>)[key], [...path, key]);
  }
}

/** The value as a written robot. Throws `BadConfig` about the first thing that is wrong, with the path to it. */
export function checkStructure(value: unknown): WrittenRobot {
  const parsed = robotSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw explain(parsed.error.issues[0]!, value);
}

function explain(issue: z.core.$ZodIssue, root: unknown): BadConfig {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    const key = short(issue.keys[0]!);
    const known = keysAt(robotSchema, path);
    const meant = nearest(key, known);
    const hint = meant ? `did you mean '${meant}'?` : `known here: ${known.join(', ')}`;
    return new BadConfig(`unknown key '${key}' in ${show(path)}`, { hint });
  }
  if (issue.code === 'invalid_key') {
    return new BadConfig(
      `the name ${JSON.stringify(short(path.at(-1) ?? ''))} in ${show(path.slice(0, -1))} ${issue.issues[0]?.message ?? 'is not valid'}`,
    );
  }
  const got = at(root, path);
  if (got === undefined) return new BadConfig(`${show(path)} is missing`, hintFor(path));
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const meant = typeof got === 'string' ? nearest(got.slice(0, 100), values) : undefined;
    const message = `${show(path)} must be ${oneOf(values)}, got ${said(got)}`;
    return new BadConfig(message, meant ? { hint: `did you mean '${meant}'?` } : {});
  }
  if (issue.code === 'invalid_union') return new BadConfig(`${show(path)} must be ${union(issue)}, got ${said(got)}`);
  if (issue.code === 'invalid_type')
    return new BadConfig(`${show(path)} must be ${kind(issue.expected)}, got ${said(got)}`);
  return new BadConfig(`${show(path)} ${issue.message}, got ${said(got)}`);
}

/** A robot without limits is the commonest thing to forget, and the worst. */
function hintFor(path: readonly string[]): { hint?: string } {
  const key = path.at(-1)!;
  if (path.length === 4 && path[1] === 'axes' && (key === 'high' || key === 'rate')) {
    return {
      hint: `a robot needs limits: give ${path[2]} a high (largest value) and a rate (largest change per second)`,
    };
  }
  if (path.length === 1 || key === 'axes') return { hint: 'see examples/diff-drive.yaml' };
  return {};
}

/** The keys that the schema knows at a path. */
function keysAt(schema: z.core.$ZodType, path: readonly string[]): string[] {
  const inner = unwrapped(schema);
  const [key, ...rest] = path;
  if (inner instanceof z.ZodObject) {
    if (key === undefined) return Object.keys(inner.shape).filter((name) => name !== '$schema');
    return Object.hasOwn(inner.shape, key) ? keysAt(inner.shape[key], rest) : [];
  }
  return inner instanceof z.ZodRecord && key !== undefined ? keysAt(inner.valueType, rest) : [];
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault) {
    return unwrapped(schema.unwrap());
  }
  return schema;
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}

/** What a union takes, from what each of its members says is missing. */
function union(issue: z.core.$ZodIssueInvalidUnion): string {
  const each = issue.errors.flatMap((branch) =>
    branch.map((inner) => {
      if (inner.code === 'invalid_type') return kind(inner.expected);
      return inner.code === 'invalid_value' ? oneOf(inner.values.map(String)) : inner.message;
    }),
  );
  return [...new Set(each)].join(' or ');
}

const KINDS: Readonly<Record<string, string>> = {
  object: 'a map of keys',
  record: 'a map of names',
  array: 'a list',
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
};
const kind = (expected: string) => KINDS[expected] ?? expected;
const oneOf = (values: readonly string[]) => (values.length > 1 ? `one of ${values.join(', ')}` : (values[0] ?? ''));
const show = (path: readonly string[]) => (path.length === 0 ? 'the robot' : path.map(short).join('.'));
const short = (text: string) => (text.length > 60 ? `${text.slice(0, 60)}...` : text);
const said = (value: unknown): string => {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a map';
  return typeof value === 'string' ? JSON.stringify(short(value)) : String(value);
};

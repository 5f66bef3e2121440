import type { MjModel, Mujoco } from './bindings.ts';

/** Files that a model names (meshes, other models), by the name it calls them. */
export type ModelFiles = Readonly<Record<string, Uint8Array>>;

/** Compiles a model. Throws `RangeError`, in one line that says where, for a bad one. */
export function compiled(mj: Mujoco, mjcf: string, name: string, files: ModelFiles = {}): MjModel {
  const vfs = new mj.MjVFS();
  try {
    for (const [path, bytes] of Object.entries(files)) vfs.addBuffer(path, bytes);
    return mj.MjModel.from_xml_string(mjcf, vfs);
  } catch (cause) {
    throw new RangeError(`mjcf must be a model that compiles: ${name}: ${reasonOf(cause)}`, { cause });
  } finally {
    vfs.delete();
  }
}

/** What a model calls itself. */
export const nameOf = (mjcf: string): string => /<mujoco[^>]*\smodel="([^"]*)"/.exec(mjcf)?.[1] || 'model';

/** MuJoCo's own words, less what it says of itself: what is wrong, then which element, and in which line. */
function reasonOf(cause: unknown): string {
  const said = cause instanceof Error ? cause.message : String(cause);
  return said
    .replace(/^(?:MuJoCo Error: |Loading error: |XML Error: |Error: )+/, '')
    .replace(/XML parse error \d+:\s*/, '')
    .replace(/Error=XML_ERROR_(\w+) ErrorID=.*? Line number=(\d+):/, (_, what: string, line: string) => {
      return `${what.toLowerCase().replaceAll('_', ' ')}, line ${line},`;
    })
    .replace("Element name '', ", 'Element without a name, ')
    .trim()
    .replace(/:?\s*\n\s*/g, ': ');
}

import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatasetMeta } from '../dataset.ts';
import { encodePng } from '../image.ts';
import { type VideoWriter, videoWriter } from '../video.ts';
import { type Features, OWN } from './features.ts';
import { DATA_PATH, filled, VIDEO_PATH } from './info.ts';
import { type TableWriter, type Type, tableWriter } from './table.ts';

/** All columns of an episode but its pictures, by LeRobot's names: `[rows, width]` each. */
export type Numbers = Readonly<Record<string, { readonly values: ArrayLike<number>; readonly width: number }>>;

/** Where an episode was put: its file, and where in the video it begins, s. */
export type Place = { readonly chunk: number; readonly file: number; readonly fromS: number };

export interface DataFiles {
  append(numbers: Numbers, pictures: readonly Uint8Array[]): Promise<Place>;
  close(): Promise<void>;
  /** Ends what runs; the files are of no use. */
  abandon(): void;
}

/** Files in one folder, as LeRobot has it. */
export const CHUNK_FILES = 1000;
/** Raw pictures in one video, bytes. */
const VIDEO_BYTES = 2 ** 31;

/** Writes `data/` and `videos/`: a row group an episode, another file when one has `fileBytes`. */
export function dataFiles(
  dir: string,
  { width, height }: DatasetMeta,
  features: Features,
  fileBytes: number,
): DataFiles {
  const { camera, fps, video } = features;
  let open: { readonly table: TableWriter; readonly video?: VideoWriter } | undefined;
  let [number, frames] = [0, 0];
  const where = () => ({ chunk: Math.floor(number / CHUNK_FILES), file: number % CHUNK_FILES });
  const path = (template: string): string => {
    const found = filled(dir, template, where().chunk, where().file, camera);
    mkdirSync(dirname(found), { recursive: true });
    return found;
  };
  const begin = async () => ({
    table: await tableWriter(path(DATA_PATH), typesOf(features)),
    ...(video && { video: await videoWriter(path(VIDEO_PATH), { width, height, fps }) }),
  });
  const end = async (): Promise<void> => {
    open?.table.close();
    await open?.video?.close();
    open = undefined;
    number++;
    frames = 0;
  };
  return {
    append: async (numbers, pictures) => {
      open ??= await begin();
      const columns = Object.entries(numbers).map(([name, { values, width: size }]) => [
        name,
        cells(name, values, size),
      ]);
      if (!video) columns.push([camera, pictures.map((data, row) => embedded({ width, height, data }, row))]);
      open.table.append(Object.fromEntries(columns));
      for (const picture of pictures) await open.video?.append(picture);
      const place = { ...where(), fromS: frames / fps };
      frames += pictures.length;
      if (open.table.bytes >= fileBytes || frames * width * height * 3 >= VIDEO_BYTES) await end();
      return place;
    },
    close: end,
    abandon: () => open?.video?.abandon(),
  };
}

const embedded = (frame: Parameters<typeof encodePng>[0], row: number) => ({
  bytes: encodePng(frame),
  path: `frame-${String(row).padStart(6, '0')}.png`,
});

/** Values of a column, one a row. */
function cells(name: string, values: ArrayLike<number>, width: number): unknown[] {
  const own = OWN[name as keyof typeof OWN];
  if (own) return Array.from(values, (value) => (own === 'int64' ? BigInt(value) : value));
  return Array.from({ length: values.length / width }, (_, row) =>
    Array.prototype.slice.call(values, row * width, (row + 1) * width),
  );
}

function typesOf({ all, camera, video }: Features): Record<string, Type> {
  const names = Object.keys(all).filter((name) => !video || name !== camera);
  return Object.fromEntries(
    names.map((name): [string, Type] => {
      const own = OWN[name as keyof typeof OWN];
      if (own) return [name, own === 'int64' ? 'INT64' : 'FLOAT'];
      return [name, name === camera ? 'PICTURE' : { list: 'FLOAT' }];
    }),
  );
}

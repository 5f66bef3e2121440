/** The worker thread that decodes and resizes pictures, so that the body's event loop stays free. */
import { parentPort, workerData } from 'node:worker_threads';
import { type PictureKind, type PictureOptions, toPicture } from './picture.ts';

const options = workerData as PictureOptions;

/** What the worker says: that it is there, a picture, or why there is none. */
export type Said =
  | { readonly ready: true }
  | { readonly frame: ReturnType<typeof toPicture> }
  | { readonly bad: string };

const say = (said: Said, transfer: ArrayBuffer[] = []) => parentPort!.postMessage(said, transfer);

parentPort!.on('message', ({ kind, message }: { kind: PictureKind; message: unknown }) => {
  try {
    const { width, height, data } = toPicture(kind, message, options);
    const own = data.byteLength === data.buffer.byteLength ? data : data.slice();
    say({ frame: { width, height, data: own } }, [own.buffer as ArrayBuffer]);
  } catch (error) {
    say({ bad: (error as Error).message });
  }
});
say({ ready: true });

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import type { Frame } from '../drivers/driver.ts';
import { DamagedDataset, PremotorError } from '../errors.ts';
import { ppmFrames } from './ppm.ts';

/** Some pictures in a row of a video whose pictures are `1 / fps` apart. */
export type Stretch = { readonly fromS: number; readonly count: number; readonly fps: number };

/** The last of what ffmpeg said is kept, characters. */
const TOLD = 2000;

/**
 * Pictures of a video, decoded by the ffmpeg of the system while they are asked for. Throws `PremotorError` when there is no
 * ffmpeg, `DamagedDataset` when the video is not one or has fewer pictures.
 */
export async function* videoFrames(path: string, { fromS, count, fps }: Stretch): AsyncGenerator<Frame> {
  if (!existsSync(path)) throw new DamagedDataset(`${path} is missing`);
  if (!(fromS >= 0)) throw new DamagedDataset(`${path}: from_timestamp must be at least 0, got ${fromS}`);
  const seek = Math.max(0, fromS - 0.5 / fps); // half a picture early: rounding cannot skip one
  const input = ['-protocol_whitelist', 'file,pipe', '-f', 'mp4', '-ss', seek.toFixed(6), '-i', path, '-map', '0:v:0'];
  // Every picture as it is, whatever its time: none doubled, none left out.
  const output = ['-vf', `setpts=N/(${fps}*TB)`, '-r', String(fps), '-frames:v', String(count)];
  const ffmpeg = await start([...input, ...output, '-f', 'image2pipe', '-c:v', 'ppm', 'pipe:1']);
  let got = 0;
  try {
    for await (const frame of ppmFrames(ffmpeg.process.stdout!)) {
      got++;
      yield frame;
    }
    const code = await ffmpeg.ended;
    if (code === 0 && got === count) return;
    const reason = ffmpeg.told();
    throw new DamagedDataset(
      `${path} must have ${count} pictures from ${fromS} s on, got ${got}${reason && `: ${reason}`}`,
    );
  } catch (cause) {
    if (cause instanceof DamagedDataset) throw cause;
    throw new DamagedDataset(`${path} cannot be decoded: ${(cause as Error).message}`, { cause });
  } finally {
    ffmpeg.process.kill('SIGKILL');
  }
}

/** Writes frames as an H.264 video, a key frame every second picture as LeRobot wants it for random access. */
export interface VideoWriter {
  /** RGB rows; waits while the encoder is behind. */
  append(data: Uint8Array): Promise<void>;
  close(): Promise<void>;
  /** Ends the encoder; what it wrote is of no use. */
  abandon(): void;
}

export type VideoShape = { readonly width: number; readonly height: number; readonly fps: number };

/** Begins a video. Throws `PremotorError` when there is no ffmpeg or it cannot write this. */
export async function videoWriter(path: string, { width, height, fps }: VideoShape): Promise<VideoWriter> {
  const input = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-r', String(fps), '-i', 'pipe:0'];
  const output = ['-c:v', 'libx264', '-pix_fmt', 'yuv420p', '-g', '2', '-bf', '0', '-crf', '18'];
  const ffmpeg = await start([...input, ...output, '-f', 'mp4', '-y', path]);
  const stdin = ffmpeg.process.stdin!;
  stdin.on('error', () => {}); // told by how ffmpeg ends
  const ended = async (): Promise<void> => {
    const code = await ffmpeg.ended;
    if (code !== 0) throw new PremotorError(`cannot write ${path}: ffmpeg says: ${ffmpeg.told()}`);
  };
  return {
    append: async (data) => {
      if (stdin.destroyed) await ended();
      if (!stdin.write(data)) await Promise.race([once(stdin, 'drain'), ended()]);
    },
    close: async () => {
      stdin.end();
      await ended();
    },
    abandon: () => void ffmpeg.process.kill('SIGKILL'),
  };
}

type Ffmpeg = { readonly process: ChildProcess; readonly ended: Promise<number>; told(): string };

async function start(args: readonly string[]): Promise<Ffmpeg> {
  const child = spawn('ffmpeg', ['-nostdin', '-v', 'error', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    told = (told + text).slice(-TOLD);
  });
  const ended = once(child, 'close').then(([code]) => (code as number | null) ?? 1);
  ended.catch(() => {}); // an error to start is thrown below
  try {
    await once(child, 'spawn');
  } catch (cause) {
    throw new PremotorError('videos need ffmpeg, which was not found', {
      cause,
      hint: 'install it (apt-get install ffmpeg, brew install ffmpeg), or use a data set with embedded images',
    });
  }
  return { process: child, ended, told: () => (told.trim().split('\n').at(-1) ?? '').replace(/^\[[^\]]*\] /, '') };
}

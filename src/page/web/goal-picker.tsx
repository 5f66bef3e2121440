import { useState } from 'preact/hooks';
import type { Frame } from '../../drivers/driver.ts';
import type { PanelProps } from './panel.ts';

type Props = Pick<PanelProps, 'goal'> & {
  /** Side of the picture that the model takes, px. */
  readonly size: number;
  readonly camera: Frame | undefined;
};

/** Another goal: what the camera shows now, or a picture from a file, made as large as the model takes it. */
export function GoalPicker({ size, camera, goal }: Props) {
  const [trouble, setTrouble] = useState('');
  const take = async (file: File | undefined) => {
    if (file === undefined) return;
    try {
      goal(await readFrame(file, size));
      setTrouble('');
    } catch {
      setTrouble(`${file.name} is no picture`);
    }
  };
  const fits = camera?.width === size && camera.height === size;
  return (
    <div class="goal-picker">
      <button type="button" id="goal-here" disabled={!fits} onClick={() => camera && goal(camera)}>
        Want this view
      </button>
      <label>
        or a picture:
        <input
          type="file"
          id="goal-file"
          accept="image/png,image/jpeg"
          onChange={(event) => void take(event.currentTarget.files?.[0])}
        />
      </label>
      {trouble !== '' && (
        <p class="aside" role="alert">
          {trouble}
        </p>
      )}
    </div>
  );
}

async function readFrame(file: File, size: number): Promise<Frame> {
  const bitmap = await createImageBitmap(file);
  const canvas = new OffscreenCanvas(size, size);
  const pen = canvas.getContext('2d')!;
  pen.drawImage(bitmap, 0, 0, size, size);
  const rgba = pen.getImageData(0, 0, size, size).data;
  const data = new Uint8Array(size * size * 3);
  for (let i = 0; i < size * size; i++) data.set(rgba.subarray(4 * i, 4 * i + 3), 3 * i);
  return { width: size, height: size, data };
}

import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Frame } from '../../drivers/driver.ts';

/** A frame, pixel for pixel; the style sheet scales it. */
export function Picture({ id, frame, label }: { id: string; frame: Frame | undefined; label: string }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (frame !== undefined && canvas.current !== null) draw(canvas.current, frame);
  }, [frame]);
  return <canvas ref={canvas} id={id} class="picture" role="img" aria-label={label} width={64} height={64} />;
}

function draw(canvas: HTMLCanvasElement, { width, height, data }: Frame) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const image = new ImageData(width, height);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    image.data[to] = data[from]!;
    image.data[to + 1] = data[from + 1]!;
    image.data[to + 2] = data[from + 2]!;
    image.data[to + 3] = 255;
  }
  canvas.getContext('2d')!.putImageData(image, 0, 0);
}

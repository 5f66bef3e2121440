import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Paths } from '../telemetry.ts';

type Stroke = { readonly colour: string; readonly width: number };

/** Imagined paths over a picture: all candidates, the elites on top, the best above them. */
export function Overlay({ paths }: { paths: Paths | undefined }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (canvas.current !== null) draw(canvas.current, paths);
  }, [paths]);
  return <canvas ref={canvas} id="overlay" class="overlay" role="img" aria-label="Imagined paths" />;
}

function draw(canvas: HTMLCanvasElement, paths: Paths | undefined) {
  const side = Math.round(canvas.clientWidth * devicePixelRatio);
  const tall = Math.round(canvas.clientHeight * devicePixelRatio);
  if (canvas.width !== side) canvas.width = side;
  if (canvas.height !== tall) canvas.height = tall;
  const pen = canvas.getContext('2d')!;
  pen.clearRect(0, 0, side, tall);
  if (paths === undefined) return;
  pen.lineJoin = 'round';
  pen.lineCap = 'round';
  const style = getComputedStyle(canvas);
  const colour = (name: string) => style.getPropertyValue(`--path-${name}`).trim();
  const strokes: readonly [readonly (readonly number[])[], Stroke][] = [
    [paths.candidates, { colour: colour('candidate'), width: 1.25 }],
    [paths.elites, { colour: colour('elite'), width: 1.75 }],
    [[paths.best], { colour: colour('halo'), width: 7 }],
    [[paths.best], { colour: colour('best'), width: 4 }],
  ];
  for (const [lines, stroke] of strokes) {
    pen.strokeStyle = stroke.colour;
    pen.lineWidth = stroke.width * devicePixelRatio;
    for (const line of lines) trace(pen, line, side, tall);
  }
}

function trace(pen: CanvasRenderingContext2D, line: readonly number[], width: number, height: number) {
  pen.beginPath();
  for (let i = 0; i + 1 < line.length; i += 2) pen.lineTo(line[i]! * width, line[i + 1]! * height);
  pen.stroke();
}

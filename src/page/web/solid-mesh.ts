import * as three from 'three';
import type { StageGeom } from '../stage.ts';

/** Half-size of a plane without end, m. */
const ENDLESS = 50;

/** A part as MuJoCo means it: half-sizes, round ones along z. */
export function meshOf(geom: StageGeom): three.Mesh {
  const [red = 0, green = 0, blue = 0, alpha = 1] = geom.rgba;
  const material = new three.MeshLambertMaterial({
    color: new three.Color(red, green, blue),
    transparent: alpha < 1,
    opacity: alpha,
    map: geom.checker ? checkerOf(geom) : null,
    flatShading: geom.shape === 'mesh',
  });
  if (geom.checker) material.color.set(1, 1, 1);
  const mesh = new three.Mesh(shapeOf(geom), material);
  if (geom.shape === 'ellipsoid') mesh.scale.set(geom.size[0]!, geom.size[1]!, geom.size[2]!);
  return mesh;
}

function shapeOf({ shape, size, mesh }: StageGeom): three.BufferGeometry {
  const [a = 0, b = 0, c = 0] = size;
  if (shape === 'plane') return new three.PlaneGeometry(2 * (a || ENDLESS), 2 * (b || ENDLESS));
  if (shape === 'box') return new three.BoxGeometry(2 * a, 2 * b, 2 * c);
  if (shape === 'sphere') return new three.SphereGeometry(a, 32, 20);
  if (shape === 'ellipsoid') return new three.SphereGeometry(1, 32, 20);
  if (shape === 'cylinder') return new three.CylinderGeometry(a, a, 2 * b, 32).rotateX(Math.PI / 2);
  if (shape === 'capsule') return new three.CapsuleGeometry(a, 2 * b, 10, 24).rotateX(Math.PI / 2);
  const own = new three.BufferGeometry();
  own.setAttribute('position', new three.Float32BufferAttribute([...(mesh?.positions ?? [])], 3));
  own.setIndex([...(mesh?.indices ?? [])]);
  own.computeVertexNormals();
  return own;
}

/** Squares of two colours; the middle of a plane is a corner of four of them. */
function checkerOf({ size, rgba, checker }: StageGeom): three.Texture {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = 2;
  const pen = canvas.getContext('2d')!;
  const paint = ([r, g, b]: readonly number[], x: number, y: number) => {
    pen.fillStyle = `rgb(${255 * r!} ${255 * g!} ${255 * b!})`;
    pen.fillRect(x, y, 1, 1);
  };
  for (const [x, y] of [
    [0, 0],
    [1, 1],
  ] as const) {
    paint(rgba, x, y);
    paint(checker!.rgb, 1 - x, y);
  }
  const texture = new three.CanvasTexture(canvas);
  texture.magFilter = three.NearestFilter;
  texture.wrapS = texture.wrapT = three.RepeatWrapping;
  texture.repeat.set((size[0] || ENDLESS) / checker!.cell, (size[1] || ENDLESS) / checker!.cell);
  texture.offset.set(-texture.repeat.x / 2, -texture.repeat.y / 2);
  return texture;
}

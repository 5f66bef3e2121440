import * as three from 'three';
import { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import type { Stage } from '../stage.ts';
import { meshOf } from './solid-mesh.ts';
import { pulling } from './solid-pull.ts';

export type PullSaid = { readonly body: string; readonly from: readonly number[]; readonly to: readonly number[] };

export interface Solid {
  /** `[n, 12]`: the parts go there, smoothly. */
  place(poses: Float32Array): void;
  close(): void;
}

/** Places come this often at most; a slower world is drawn between its last two places. */
const FASTEST_MS = 15;
const SLOWEST_MS = 250;
const NUMBERS = 12;

/** Draws a solid world into an element, with a camera to move about. Throws when the browser has no WebGL. */
export function openSolid(
  box: HTMLElement,
  solid: NonNullable<Stage['solid']>,
  { onPull }: { readonly onPull: (pull: PullSaid | undefined) => void },
): Solid {
  three.ColorManagement.enabled = false; // colours are as the rasteriser's, byte for byte
  const renderer = new three.WebGLRenderer({ antialias: true });
  renderer.outputColorSpace = three.LinearSRGBColorSpace;
  renderer.setPixelRatio(Math.min(2, devicePixelRatio));
  box.append(renderer.domElement);
  const scene = new three.Scene();
  scene.background = new three.Color(...solid.background);
  const parts = solid.geoms.map(meshOf);
  scene.add(...parts, ...lightsOf(solid));
  const { eye } = solid;
  const camera = new three.PerspectiveCamera(eye.fovy, 1, 0.01, 200);
  camera.up.set(...eye.up);
  camera.position.set(...eye.position);
  const orbit = new OrbitControls(camera, renderer.domElement);
  orbit.target.set(...eye.towards);
  orbit.update();
  const pull = pulling({ element: renderer.domElement, camera, parts, geoms: solid.geoms, orbit, onPull });

  const places = between(parts);
  const draw = () => {
    const [width, height] = [box.clientWidth, box.clientHeight];
    const size = renderer.getSize(new three.Vector2());
    if (size.x !== width || size.y !== height) {
      renderer.setSize(width, height, false);
      camera.aspect = width / Math.max(1, height);
      camera.updateProjectionMatrix();
    }
    places.show(performance.now());
    renderer.render(scene, camera);
  };
  renderer.setAnimationLoop(draw);
  return {
    place: (poses) => places.come(poses, performance.now()),
    close: () => {
      renderer.setAnimationLoop(null);
      pull.close();
      orbit.dispose();
      for (const part of parts) part.geometry.dispose();
      renderer.dispose();
      renderer.domElement.remove();
    },
  };
}

/** A face that looks straight at a light of strength 1 - `ambient` has its own colour: three divides by pi, so multiply. */
function lightsOf({ ambient, lights }: NonNullable<Stage['solid']>): three.Light[] {
  const suns = lights.map(({ direction, strength }) => {
    const sun = new three.DirectionalLight(0xffffff, strength * Math.PI);
    sun.position.set(...direction);
    return sun;
  });
  return [new three.AmbientLight(0xffffff, ambient * Math.PI), ...suns];
}

/** Moves parts from where they were to where they are, over the time between the last two messages. */
function between(parts: readonly three.Object3D[]) {
  type Place = { readonly at: three.Vector3; readonly turn: three.Quaternion };
  const placesOf = (poses: Float32Array): Place[] =>
    parts.map((_, i) => {
      const [x, y, z, a, b, c, d, e, f, g, h, k] = poses.subarray(NUMBERS * i, NUMBERS * (i + 1));
      const rotation = new three.Matrix4().set(a!, b!, c!, 0, d!, e!, f!, 0, g!, h!, k!, 0, 0, 0, 0, 1);
      return { at: new three.Vector3(x, y, z), turn: new three.Quaternion().setFromRotationMatrix(rotation) };
    });
  let before: Place[] = [];
  let after: Place[] = [];
  let cameMs = 0;
  let takesMs = SLOWEST_MS;
  return {
    come: (poses: Float32Array, nowMs: number) => {
      if (poses.length !== NUMBERS * parts.length) return; // of another stage
      before = after.length > 0 ? after : placesOf(poses);
      after = placesOf(poses);
      takesMs = Math.min(SLOWEST_MS, Math.max(FASTEST_MS, nowMs - cameMs));
      cameMs = nowMs;
    },
    show: (nowMs: number) => {
      const share = Math.min(1, (nowMs - cameMs) / takesMs);
      for (const [i, part] of parts.entries()) {
        const [from, to] = [before[i], after[i]];
        if (!from || !to) return;
        part.position.lerpVectors(from.at, to.at, share);
        part.quaternion.slerpQuaternions(from.turn, to.turn, share);
      }
    },
  };
}

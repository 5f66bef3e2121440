import * as three from 'three';
import type { OrbitControls } from 'three/addons/controls/OrbitControls.js';
import type { StageGeom } from '../stage.ts';
import type { PullSaid } from './solid.ts';

type Options = {
  readonly element: HTMLCanvasElement;
  readonly camera: three.Camera;
  readonly parts: readonly three.Mesh[];
  readonly geoms: readonly StageGeom[];
  readonly orbit: OrbitControls;
  readonly onPull: (pull: PullSaid | undefined) => void;
};

/** Lets a person take hold of loose things: they are drawn about in the plane that faces the camera. */
export function pulling({ element, camera, parts, geoms, orbit, onPull }: Options): { close(): void } {
  const ray = new three.Raycaster();
  let held: { readonly body: string; readonly from: number[]; readonly plane: three.Plane } | undefined;
  const aim = (event: PointerEvent) => {
    const box = element.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * 2 - 1;
    const y = 1 - ((event.clientY - box.top) / box.height) * 2;
    ray.setFromCamera(new three.Vector2(x, y), camera);
  };
  const press = (event: PointerEvent) => {
    if (event.button !== 0) return;
    aim(event);
    const [hit] = ray.intersectObjects([...parts], false);
    const body = hit && geoms[parts.indexOf(hit.object as three.Mesh)]?.body;
    if (!hit || !body) return;
    const plane = new three.Plane().setFromNormalAndCoplanarPoint(
      camera.getWorldDirection(new three.Vector3()),
      hit.point,
    );
    held = { body, from: hit.point.toArray(), plane };
    orbit.enabled = false;
    element.setPointerCapture(event.pointerId);
  };
  const move = (event: PointerEvent) => {
    if (!held) return;
    aim(event);
    const to = ray.ray.intersectPlane(held.plane, new three.Vector3());
    if (to) onPull({ body: held.body, from: rounded(held.from), to: rounded(to.toArray()) });
  };
  const letGo = () => {
    if (!held) return;
    held = undefined;
    orbit.enabled = true;
    onPull(undefined);
  };
  const listeners = { pointerdown: press, pointermove: move, pointerup: letGo, pointercancel: letGo } as const;
  for (const [name, listener] of Object.entries(listeners)) element.addEventListener(name, listener as EventListener);
  return {
    close: () => {
      for (const [name, listener] of Object.entries(listeners))
        element.removeEventListener(name, listener as EventListener);
    },
  };
}

const rounded = (place: readonly number[]) => place.map((value) => Math.round(1e4 * value) / 1e4);

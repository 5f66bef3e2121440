import { expect, it } from 'vitest';
import { seeded } from '../../src/random.ts';
import { health } from '../../src/worldmodel/monitor.ts';
import { explained, fitProbe, readOut } from '../../src/worldmodel/probe.ts';
import { SIGREG_FLOOR } from '../../src/worldmodel/sigreg.ts';

const dim = 8;
const count = 1024;

it('finds a standard normal cloud healthy: SIGReg at its floor, all directions in use', () => {
  const seen = health(seeded(1).normals(count * dim), dim, seeded(2));
  expect(Math.abs(seen.sigreg - SIGREG_FLOOR)).toBeLessThan(0.15);
  expect(seen.effectiveRank).toBeGreaterThan(7.9);
  expect(seen.stdMean).toBeCloseTo(1, 1);
  expect(seen.collapsed).toBe(false);
});

it('calls a point collapsed', () => {
  const seen = health(new Float32Array(count * dim).fill(0.3), dim, seeded(2));
  expect(seen.sigreg).toBeGreaterThan(40);
  expect(seen.collapsed).toBe(true);
});

it('counts two directions in a cloud that lies in a plane', () => {
  const random = seeded(3);
  const plane = Float32Array.from({ length: count * dim }, (_, i) => (i % dim < 2 ? random.normal() : 0));
  const { effectiveRank, stdMin } = health(plane, dim, seeded(2));
  expect(effectiveRank).toBeCloseTo(2, 1);
  expect(stdMin).toBe(0);
});

it('reads off what is linear in the latent, and nothing where there is nothing', () => {
  const random = seeded(4);
  const latents = random.normals(count * dim);
  const targets = new Float32Array(count * 2);
  for (let i = 0; i < count; i++) {
    targets[2 * i] = 2 * latents[i * dim]! - latents[i * dim + 3]! + 5;
    targets[2 * i + 1] = random.normal();
  }
  const half = count / 2;
  const probe = fitProbe(latents.subarray(0, half * dim), targets.subarray(0, half * 2), dim, 1e-6);
  const [linear, nothing] = explained(probe, latents.subarray(half * dim), targets.subarray(half * 2));
  expect(linear).toBeGreaterThan(0.999);
  expect(nothing).toBeLessThan(0.1);
  expect(readOut(probe, latents.subarray(0, dim))[0]).toBeCloseTo(targets[0]!, 2);
});

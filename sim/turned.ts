/** An angle in numbers that are near where it is near: cosine and sine. */
export const turned = (angle: number): readonly [cosine: number, sine: number] => [Math.cos(angle), Math.sin(angle)];

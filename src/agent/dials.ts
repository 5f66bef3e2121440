/** What may be changed while a mind thinks. */
export type Dials = {
  /** Refinements per thought, at most; 0: it does not think, and has nothing to say. */
  readonly iterations?: number | undefined;
  /** How much the costs weigh, by name. */
  readonly weights?: Readonly<Record<string, number>> | undefined;
};

/** What may be changed while a mind thinks. */
export type Dials = {
  /** Refinements per thought, at most; 0: it does not think, and has nothing to say. */
  readonly iterations?: number | undefined;
  /** How much the costs weigh, by name. */
  readonly weights?: Readonly<Record<string, number>> | undefined;
} & Sizes;

/** How far a mind looks, and how many ways at a time; changed, it is opened anew while the old one thinks on. */
export type Sizes = {
  /** Candidates per refinement. */
  readonly samples?: number | undefined;
  /** Blocks looked ahead. */
  readonly horizon?: number | undefined;
};

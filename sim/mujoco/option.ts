export type PhysicsOption = {
  /** One physics step, s. */
  readonly timestep: number;
  readonly integrator?: 'Euler' | 'RK4' | 'implicit' | 'implicitfast';
  readonly solver?: 'PGS' | 'CG' | 'Newton';
  readonly iterations?: number;
  readonly tolerance?: number;
  /** Of friction: elliptic cones are truer and slower, and hold what is gripped. */
  readonly cone?: 'pyramidal' | 'elliptic';
  /** How much harder friction is than what pushes things apart; more keeps what is gripped from slipping. */
  readonly impratio?: number;
  readonly jacobian?: 'dense' | 'sparse' | 'auto';
  /** m/s^2. */
  readonly gravity?: readonly [number, number, number];
  /** Of the medium: kg/m^3, and kg/(m s). */
  readonly density?: number;
  readonly viscosity?: number;
  /** MuJoCo's flags, such as `contact`. */
  readonly flags?: Readonly<Record<string, 'enable' | 'disable'>>;
};

/** The solver, pinned so that another release's defaults change nothing. */
const PINNED = {
  integrator: 'implicitfast', // implicit in velocities, which stiff servos on light wheels need
  solver: 'Newton',
  iterations: 100,
  tolerance: 1e-8,
  cone: 'pyramidal',
  jacobian: 'dense',
  impratio: 1,
  gravity: [0, 0, -9.81],
} as const;

/** The `<option>` of a model: pinned values, but for those given. A number is the timestep, s. */
export function pinnedOption(given: number | PhysicsOption): string {
  const { flags, ...values } = typeof given === 'number' ? { timestep: given } : given;
  const attributes = Object.entries({ ...PINNED, ...values })
    .map(([name, value]) => `${name}="${Array.isArray(value) ? value.join(' ') : value}"`)
    .join(' ');
  if (!flags) return `<option ${attributes}/>`;
  const switches = Object.entries(flags).map(([name, value]) => `${name}="${value}"`);
  return `<option ${attributes}><flag ${switches.join(' ')}/></option>`;
}

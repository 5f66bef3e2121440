/**
 * What we use of MuJoCo's WebAssembly build, typed by ourselves: its own declarations do not compile, and its arrays are `any`.
 *
 * - Array properties are live views into its memory. Every view dies when that memory grows (a new model, say), so none is
 *   kept here: they are fetched when needed, which costs less than a microsecond.
 * - What is made is to be deleted by hand, but for the vector of warnings, which belongs to its data.
 */
export interface Mujoco {
  readonly MjModel: {
    from_xml_string(xml: string): MjModel;
    from_xml_string(xml: string, files: MjVfs): MjModel;
  };
  readonly MjData: new (model: MjModel) => MjData;
  readonly MjVFS: new () => MjVfs;
  readonly DoubleBuffer: new (size: number) => DoubleBuffer;
  readonly mjtObj: Readonly<Record<`mjOBJ_${string}`, { readonly value: number }>>;
  mj_stateSize(model: MjModel, what: number): number;
  mj_getState(model: MjModel, data: MjData, into: DoubleBuffer, what: number): void;
  mj_setState(model: MjModel, data: MjData, from: readonly number[], what: number): void;
  mj_resetData(model: MjModel, data: MjData): void;
  mj_resetDataKeyframe(model: MjModel, data: MjData, key: number): void;
  mj_step(model: MjModel, data: MjData): void;
  mj_forward(model: MjModel, data: MjData): void;
  mj_kinematics(model: MjModel, data: MjData): void;
  mj_comPos(model: MjModel, data: MjData): void;
  mj_comVel(model: MjModel, data: MjData): void;
  mj_camlight(model: MjModel, data: MjData): void;
  mj_jacSite(model: MjModel, data: MjData, position: DoubleBuffer, rotation: DoubleBuffer, site: number): void;
  mj_objectVelocity(model: MjModel, data: MjData, kind: number, index: number, into: DoubleBuffer, local: number): void;
  mj_contactForce(model: MjModel, data: MjData, contact: number, into: DoubleBuffer): void;
}

export interface DoubleBuffer {
  GetView(): Float64Array;
  delete(): void;
}

export interface MjVfs {
  addBuffer(name: string, bytes: Uint8Array): void;
  delete(): void;
}

export interface MjModel {
  readonly opt: { readonly gravity: Float64Array };
  readonly nq: number;
  readonly nv: number;
  readonly nu: number;
  readonly nbody: number;
  readonly njnt: number;
  readonly ngeom: number;
  readonly nsite: number;
  readonly ncam: number;
  readonly nsensor: number;
  readonly nkey: number;
  readonly nmesh: number;
  /** All names, each with a zero at its end; where each begins. (`mj_id2name` gives rubbish for what has no name.) */
  readonly names: Int8Array;
  readonly name_bodyadr: Int32Array;
  readonly name_jntadr: Int32Array;
  readonly name_geomadr: Int32Array;
  readonly name_siteadr: Int32Array;
  readonly name_camadr: Int32Array;
  readonly name_actuatoradr: Int32Array;
  readonly name_sensoradr: Int32Array;
  readonly name_keyadr: Int32Array;
  readonly body_mass: Float64Array;
  readonly body_subtreemass: Float64Array;
  readonly body_parentid: Int32Array;
  readonly body_weldid: Int32Array;
  readonly body_rootid: Int32Array;
  readonly body_jntadr: Int32Array;
  readonly jnt_type: Int32Array;
  readonly jnt_qposadr: Int32Array;
  readonly jnt_dofadr: Int32Array;
  readonly jnt_bodyid: Int32Array;
  readonly jnt_range: Float64Array;
  readonly geom_type: Int32Array;
  readonly geom_group: Int32Array;
  readonly geom_bodyid: Int32Array;
  readonly geom_dataid: Int32Array;
  readonly geom_size: Float64Array;
  readonly geom_rgba: Float32Array;
  readonly site_bodyid: Int32Array;
  readonly cam_fovy: Float64Array;
  readonly cam_mode: Int32Array;
  readonly actuator_ctrlrange: Float64Array;
  readonly sensor_adr: Int32Array;
  readonly sensor_dim: Int32Array;
  readonly mesh_vertadr: Int32Array;
  readonly mesh_vertnum: Int32Array;
  readonly mesh_vert: Float32Array;
  readonly mesh_normaladr: Int32Array;
  readonly mesh_normal: Float32Array;
  readonly mesh_faceadr: Int32Array;
  readonly mesh_facenum: Int32Array;
  readonly mesh_face: Int32Array;
  readonly mesh_facenormal: Int32Array;
  delete(): void;
}

export interface MjData {
  readonly ncon: number;
  readonly ctrl: Float64Array;
  readonly qvel: Float64Array;
  readonly qfrc_applied: Float64Array;
  readonly xfrc_applied: Float64Array;
  readonly xpos: Float64Array;
  readonly xmat: Float64Array;
  readonly xipos: Float64Array;
  readonly geom_xpos: Float64Array;
  readonly geom_xmat: Float64Array;
  readonly site_xpos: Float64Array;
  readonly site_xmat: Float64Array;
  readonly cam_xpos: Float64Array;
  readonly cam_xmat: Float64Array;
  readonly sensordata: Float64Array;
  readonly contact: { size(): number; get(index: number): MjContact; delete(): void };
  readonly warning: { get(index: number): { readonly number: number; delete(): void } };
  delete(): void;
}

export interface MjContact {
  readonly geom1: number;
  readonly geom2: number;
  readonly dist: number;
  readonly pos: Float64Array;
  /** `[9]`, by rows; the first points from the first geom to the second. */
  readonly frame: Float64Array;
  delete(): void;
}

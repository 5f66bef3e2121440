import type { Tensor } from '@tensorflow/tfjs-core';

export type Shape = readonly number[];
/** Floats unless said otherwise; an `int32` or `uint8` input reaches the function as an int32 / float32 tensor. */
export type Spec = Shape | { readonly shape: Shape; readonly dtype: 'int32' | 'uint8' };
export type Specs = Readonly<Record<string, Spec>>;

/** Tensors by name; they live only while a function is traced or run. */
export type Tensors = { [name: string]: Tensor };
export type Inputs = Readonly<Record<string, Float32Array | Int32Array | Uint8Array>>;
export type Outputs = Record<string, Float32Array>;

/** A pure function written in tfjs ops. Shapes are fixed; no value may be read inside. */
export type TensorFunction = (inputs: Tensors) => Tensors;

export type CompileOptions = {
  /** Output name -> input name: that output becomes that input of the next run, and is not returned. */
  readonly feedback?: Readonly<Record<string, string>>;
  /** Inputs that stay as they are, e.g. weights: worked into the program, and never given to it. Those that the specs do not name are passed over. */
  readonly constants?: Inputs;
};

/** A compiled tensor function. */
export interface Program {
  /** Runs once. An input keeps its last value until it is given again, so weights are handed over once. */
  run(inputs: Inputs): Promise<Outputs>;
  /** The present values of inputs: what was given last, or what feedback made of it. */
  read(names: readonly string[]): Promise<Outputs>;
  dispose(): Promise<void>;
}

/** Runs tensor functions. Nothing blocks the caller's event loop unless `blocking` says so. */
export interface Engine {
  /** E.g. `onnx (onnxruntime-node, cpu, 2 threads)`. */
  readonly name: string;
  readonly blocking: boolean;
  compile(fn: TensorFunction, specs: Specs, options?: CompileOptions): Promise<Program>;
  dispose(): Promise<void>;
}

/** The one door to tfjs: its ops, with all gradients registered. */
import '@tensorflow/tfjs';

export * as tf from '@tensorflow/tfjs-core';

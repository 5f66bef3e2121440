/** The one door to tfjs: its ops, with all gradients registered. */
import '@tensorflow/tfjs';
import './gradients.ts';

export * as tf from '@tensorflow/tfjs-core';

/** The one door to tfjs: its ops, with all gradients registered. */
import '@tensorflow/tfjs';
import { env } from '@tensorflow/tfjs-core';

env().set('PROD', true); // no greeting on the terminal

export * as tf from '@tensorflow/tfjs-core';

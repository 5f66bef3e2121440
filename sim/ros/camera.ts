import jpeg from 'jpeg-js';
import { encodePng } from '../../src/data/image.ts';
import type { Frame } from '../../src/drivers/driver.ts';
import type { Message } from './fill.ts';
import type { Publication, RosGraph } from './graph.ts';

export type CameraOptions = {
  readonly graph: RosGraph;
  readonly node: string;
  readonly topic: string;
  readonly frameId: string;
  readonly format: 'png' | 'jpeg';
};

/** A camera that publishes `topic` (raw, rgb8) and `topic/compressed`, each for those who listen. */
export interface RosCamera {
  /** Does anyone listen? */
  readonly wanted: boolean;
  show(frame: Frame, stamp: Message): void;
  close(): void;
}

const JPEG_QUALITY = 90;

export function rosCamera({ graph, node, topic, frameId, format }: CameraOptions): RosCamera {
  const open = (name: string, type: string) => ({ name, ...graph.advertise(node, name, type) });
  const raw = open(topic, 'sensor_msgs/Image');
  const packed = open(`${topic}/compressed`, 'sensor_msgs/CompressedImage');
  const heard = ({ name }: { name: string }) => graph.subscribers(name).length > 0;
  const publish = (publication: Publication & { name: string }, message: () => Message) => {
    if (heard(publication)) publication.publish(message());
  };
  return {
    get wanted() {
      return heard(raw) || heard(packed);
    },
    show: (frame, stamp) => {
      const header = { stamp, frame_id: frameId };
      const { width, height, data } = frame;
      publish(raw, () => ({ header, width, height, encoding: 'rgb8', is_bigendian: 0, step: 3 * width, data }));
      publish(packed, () => ({ header, format, data: format === 'png' ? encodePng(frame) : encodeJpeg(frame) }));
    },
    close: () => {
      raw.close();
      packed.close();
    },
  };
}

function encodeJpeg({ width, height, data }: Frame): Uint8Array {
  const rgba = new Uint8Array(4 * width * height).fill(255);
  for (let i = 0; i < width * height; i++) rgba.set(data.subarray(3 * i, 3 * i + 3), 4 * i);
  return jpeg.encode({ width, height, data: rgba }, JPEG_QUALITY).data;
}

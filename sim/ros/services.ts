import type { RosVersion } from '../../src/drivers/ros/version.ts';
import type { Field } from './types.ts';

const field = (name: string, type: string, isComplex = false): Field => ({ name, type, isArray: false, isComplex });
const topic = [field('topic', 'string')];

/** What the requests of the services here are made of, by type. */
const requests: Readonly<Record<string, readonly Field[]>> = {
  'std_srvs/Empty': [],
  'std_srvs/Trigger': [],
  'std_srvs/SetBool': [field('data', 'bool')],
  'rosapi/Topics': [],
  'rosapi/TopicType': topic,
  'rosapi/TopicsForType': [field('type', 'string')],
  'rosapi/Subscribers': topic,
  'rosapi/Publishers': topic,
  'rosapi/Nodes': [],
  'rosapi/Services': [],
  'rosapi/ServiceType': [field('service', 'string')],
  'rosapi/GetTime': [],
  'rosapi/GetROSVersion': [],
  'rosapi/GetParam': [field('name', 'string'), field('default', 'string')],
};

/** The fields of a request of this type. Throws `TypeError` for a type that has no definition here. */
export function fieldsOfRequest(type: string): readonly Field[] {
  const fields = Object.hasOwn(requests, type) ? requests[type] : undefined;
  if (fields !== undefined) return fields;
  throw new TypeError(`type must be a known service type, got ${type}`);
}

/** `pkg/Type` for ROS 1, `pkg/srv/Type` for ROS 2. */
export const serviceTypeName = (type: string, version: RosVersion): string => {
  const package_ = version === 2 ? type.replace(/^rosapi\//, 'rosapi_msgs/') : type;
  return version === 1 ? package_ : package_.replace('/', '/srv/');
};

import { describe, expect, it } from 'vitest';
import { compressionFor, plainType, typeName } from '../../../src/drivers/ros/version.ts';

describe('a type', () => {
  it.each(['sensor_msgs/Image', 'sensor_msgs/msg/Image'])('%s has a name in either version', (type) => {
    expect(typeName(type, 1)).toBe('sensor_msgs/Image');
    expect(typeName(type, 2)).toBe('sensor_msgs/msg/Image');
    expect(plainType(type)).toBe('sensor_msgs/Image');
  });
});

describe('compression', () => {
  const arrive = [
    'sensor_msgs/Image',
    'sensor_msgs/CompressedImage',
    'geometry_msgs/Twist',
    'std_msgs/Float64MultiArray',
  ];
  it.each(arrive)('of %s is cbor', (type) => {
    for (const version of [1, 2] as const) expect(compressionFor(type, version, 'auto')).toBe('cbor');
  });

  const lost = ['sensor_msgs/JointState', 'trajectory_msgs/JointTrajectory', 'rosgraph_msgs/Log'];
  const lostForSize = ['nav_msgs/Odometry', 'sensor_msgs/Imu', 'sensor_msgs/CameraInfo'];
  it.each([...lost, ...lostForSize])('of %s is none on ROS 1, where cbor never arrives', (type) => {
    expect(compressionFor(type, 1, 'auto')).toBe('none');
    expect(compressionFor(type, 2, 'auto')).toBe('cbor');
    expect(compressionFor(type, 2, 'cbor')).toBe('cbor');
    expect(compressionFor(type, 1, 'cbor-raw')).toBe('cbor-raw');
    expect(() => compressionFor(typeName(type, 2), 1, 'cbor')).toThrow(
      expect.objectContaining({ name: 'BadConfig', message: expect.stringContaining(type) }),
    );
  });

  it('of an unknown type is none on ROS 1 unless asked for', () => {
    expect(compressionFor('my_msgs/Arm', 1, 'auto')).toBe('none');
    expect(compressionFor('my_msgs/Arm', 2, 'auto')).toBe('cbor');
    expect(compressionFor('my_msgs/Arm', 1, 'cbor')).toBe('cbor');
    expect(compressionFor('__proto__/constructor', 1, 'auto')).toBe('none');
  });

  it('says which field is lost', () => {
    expect(() => compressionFor('sensor_msgs/JointState', 1, 'cbor')).toThrow(/string\[\]/);
    expect(() => compressionFor('nav_msgs/Odometry', 1, 'cbor')).toThrow(/float64\[36\]/);
  });
});

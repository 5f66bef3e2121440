"""ROS messages as a rosbridge server writes and reads them.

With `faults` as the ROS 1 server 0.11.17 does it; without, as one would wish.
"""
import base64
import math
import struct

import cbor2
import genpy
import roslib.message
import rospy

# element type -> RFC 8746 tag of the little-endian typed array, struct code
TYPED_ARRAYS = {
    'uint16': (69, 'H'),
    'uint32': (70, 'I'),
    'uint64': (71, 'Q'),
    'byte': (72, 'b'),
    'int8': (72, 'b'),
    'int16': (77, 'h'),
    'int32': (78, 'i'),
    'int64': (79, 'q'),
    'float32': (85, 'f'),
    'float64': (86, 'd'),
}
BYTES = ('uint8', 'char')
INTEGERS = ('byte', 'char', 'int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64')
FLOATS = ('float32', 'float64')
TIMES = ('time', 'duration')


def message_class(kind):
    """The class of `package/Type`. The ROS 1 server refuses `package/msg/Type`."""
    found = roslib.message.get_message_class(kind) if kind.count('/') == 1 else None
    if found is None:
        raise ValueError('%s is not a valid type string' % kind)
    return found


def to_json(value, kind):
    """Plain values for JSON: bytes as base64, what is not finite as null."""
    if '[' in kind:
        element = kind.split('[')[0]
        if element in BYTES:
            return base64.b64encode(bytes(value)).decode()
        return [to_json(item, element) for item in value]
    if kind in TIMES:
        return {'secs': value.secs, 'nsecs': value.nsecs}
    if hasattr(value, '_slot_types'):
        return {field: to_json(getattr(value, field), slot) for field, slot in zip(value.__slots__, value._slot_types)}
    return None if isinstance(value, float) and not math.isfinite(value) else value


def to_cbor(value, kind, faults):
    """Plain values for CBOR. At fault, a string[] or an array of fixed size raises, and the message never leaves."""
    if '[' in kind:
        element = kind.split('[')[0]
        if faults and len(value) > 0 and (element in ('string', *TIMES) or (is_primitive(element) and '[]' not in kind)):
            raise AttributeError('%s does not survive cbor' % kind)
        if element in BYTES:
            return bytes(value)
        if element in TYPED_ARRAYS:
            tag, code = TYPED_ARRAYS[element]
            return cbor2.CBORTag(tag, struct.pack('<%d%s' % (len(value), code), *value))
        return [to_cbor(item, element, faults) for item in value]
    if kind in TIMES:
        return {'secs': value.secs, 'nsecs': value.nsecs}
    if hasattr(value, '_slot_types'):
        pairs = zip(value.__slots__, value._slot_types)
        return {field: to_cbor(getattr(value, field), slot, faults) for field, slot in pairs}
    return value


def is_primitive(kind):
    return kind in INTEGERS or kind in FLOATS or kind in ('bool', 'string')


def fill(target, fields, faults, root=None, path=()):
    """Puts a client's values into a message. Raises where the server would: an unknown field, a wrong type, a null."""
    root = root or target._type
    if not isinstance(fields, dict):
        raise mismatch(root, path, target._type, fields)
    kinds = dict(zip(target.__slots__, target._slot_types))
    if faults and target._type == 'std_msgs/Header':
        target.stamp = rospy.get_rostime()
    for name, value in fields.items():
        if name not in kinds:
            raise ValueError('Message type %s does not have a field %s' % (root, '.'.join((*path, name))))
        setattr(target, name, read(value, kinds[name], getattr(target, name), faults, root, (*path, name)))
    return target


def read(value, kind, old, faults, root, path):
    if '[' in kind:
        element = kind.split('[')[0]
        if element in BYTES:
            return base64.b64decode(value) if isinstance(value, str) else bytes(value)
        if not isinstance(value, list):
            raise mismatch(root, path, kind, value)
        return [read(item, element, None, faults, root, path) for item in value]
    if kind in TIMES:
        return read_time(value, kind, old, faults, root, path)
    if is_primitive(kind):
        return read_primitive(value, kind, faults, root, path)
    return fill(message_class(kind)() if old is None else old, value, faults, root, path)


def read_time(value, kind, old, faults, root, path):
    """At fault, names that are not `secs` and `nsecs` are passed over in silence, and the old time stays."""
    if kind == 'time' and value == 'now':
        return rospy.get_rostime()
    time = old or (genpy.Time() if kind == 'time' else genpy.Duration())
    unknown = set(value) - {'secs', 'nsecs'}
    if unknown and not faults:
        raise mismatch(root, path, kind, value)
    for name in ('secs', 'nsecs'):
        if name in value:
            setattr(time, name, value[name])
    return time


def read_primitive(value, kind, faults, root, path):
    if kind in FLOATS and value is None and not faults:
        return math.nan
    whole = isinstance(value, int) and not isinstance(value, bool)
    if kind in FLOATS and (whole or isinstance(value, float)):
        return float(value)
    if (kind in INTEGERS and whole) or (kind, type(value)) in (('bool', bool), ('string', str)):
        return value
    raise mismatch(root, path, kind, value)


def mismatch(root, path, kind, value):
    words = (root, kind, '.'.join(path), type(value))
    return ValueError('%s message requires a %s for field %s, but got a %s' % words)

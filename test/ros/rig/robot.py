#!/usr/bin/python3
"""A rospy robot for tests. It remembers all that reaches it, with the moment it came: what the robot saw, not what a
sender claims.

Out: /cam/image_raw, /cam/image_raw/compressed, /cam/depth, /joint_states (every 50th has a NaN), /odom, /e_stop (latched).
In: /cmd_vel, /cmd_vel_stamped, /arm/command (JointTrajectory), /arm/positions (Float64MultiArray).
Services: /robot/enable, /robot/e_stop, /robot/command_timeout (SetBool), /robot/dump (Trigger).

It moves as commanded while enabled and not stopped: the white square in its picture is its pose, 2 m to the edges. Every
picture carries its number as 16 black or white blocks along the top, least significant bit first.

Lines on stdin are requests, `{"id", "op": "dump", "keep"}` or `{"id", "op": "call", "service", "args"}`; the answers on
stdout start with `{"id"`. So a test can ask without any bridge.
"""
import argparse
import io
import json
import math
import sys
import threading
import time

import genpy
import numpy as np
import rospy
import rosservice
from geometry_msgs.msg import Twist, TwistStamped
from nav_msgs.msg import Odometry
from PIL import Image as Picture
from sensor_msgs.msg import CompressedImage, Image, JointState
from std_msgs.msg import Bool, Float64MultiArray
from std_srvs.srv import SetBool, SetBoolResponse, Trigger, TriggerResponse
from trajectory_msgs.msg import JointTrajectory

JOINTS = ['shoulder', 'elbow', 'wrist']
SINKS = {
    '/cmd_vel': Twist,
    '/cmd_vel_stamped': TwistStamped,
    '/arm/command': JointTrajectory,
    '/arm/positions': Float64MultiArray,
}
STATE_HZ = 50
REACH = 2.0
BITS = 16

lock = threading.RLock()
arrivals = {topic: [] for topic in SINKS}
robot = {
    'enabled': True,
    'eStop': False,
    'commandTimeout': True,
    'timeouts': 0,
    'forward': 0.0,
    'turn': 0.0,
    'x': 0.0,
    'y': 0.0,
    'yaw': 0.0,
    'joints': [0.0] * len(JOINTS),
    'frames': 0,
}
command = {'forward': 0.0, 'turn': 0.0, 'at': -math.inf}
targets = [0.0] * len(JOINTS)


def plain(value):
    """A message as JSON can hold it; what is not finite is named in words."""
    if hasattr(value, '_slot_types'):
        return {field: plain(getattr(value, field)) for field in value.__slots__}
    if isinstance(value, genpy.TVal):
        return {'secs': value.secs, 'nsecs': value.nsecs}
    if isinstance(value, bytes):
        return list(value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value


def now_ms():
    return {'monotonicMs': time.monotonic() * 1e3, 'wallMs': time.time() * 1e3}


def on_arrival(message, topic):
    arrival = now_ms()
    arrival['message'] = plain(message)
    with lock:
        arrivals[topic].append(arrival)
        obey(message)


def obey(message):
    twist = message.twist if isinstance(message, TwistStamped) else message
    if isinstance(twist, Twist):
        command.update(forward=twist.linear.x, turn=twist.angular.z, at=time.monotonic())
    elif isinstance(message, JointTrajectory) and message.points:
        for name, position in zip(message.joint_names, message.points[-1].positions):
            targets[JOINTS.index(name)] = position
    elif isinstance(message, Float64MultiArray) and len(message.data) == len(JOINTS):
        targets[:] = message.data


def dump(keep=False):
    with lock:
        text = json.dumps({
            **now_ms(),
            'arrivals': arrivals,
            'publishers': {topic: sink.get_num_connections() for topic, sink in sinks.items()},
            'robot': robot,
        })
        if not keep:
            for topic in arrivals:
                arrivals[topic] = []
    return text


def advance(seconds, timeout):
    """Moves as commanded for a moment."""
    late = robot['commandTimeout'] and timeout > 0 and time.monotonic() - command['at'] > timeout
    if late and (command['forward'] or command['turn']):
        command.update(forward=0.0, turn=0.0)
        robot['timeouts'] += 1
    free = robot['enabled'] and not robot['eStop']
    forward, turn = (command['forward'], command['turn']) if free else (0.0, 0.0)
    yaw = robot['yaw'] + turn * seconds
    robot.update(
        forward=forward,
        turn=turn,
        yaw=yaw,
        x=robot['x'] + forward * math.cos(yaw) * seconds,
        y=robot['y'] + forward * math.sin(yaw) * seconds,
    )
    if free:
        share = min(1.0, 5 * seconds)
        robot['joints'] = [at + share * (to - at) for at, to in zip(robot['joints'], targets)]


def keep_state(timeout):
    """The robot's own loop: moves it and tells where it is."""
    odometry = rospy.Publisher('/odom', Odometry, queue_size=10)
    joints = rospy.Publisher('/joint_states', JointState, queue_size=10)
    clock = rospy.Rate(STATE_HZ)
    last = time.monotonic()
    count = 0
    while not rospy.is_shutdown():
        now = time.monotonic()
        with lock:
            advance(min(now - last, 0.1), timeout)
            state = dict(robot)
        last = now
        stamp = rospy.Time.now()
        message = Odometry()
        message.header.stamp, message.header.frame_id, message.child_frame_id = stamp, 'odom', 'base'
        message.pose.pose.position.x, message.pose.pose.position.y = state['x'], state['y']
        message.pose.pose.orientation.z = math.sin(state['yaw'] / 2)
        message.pose.pose.orientation.w = math.cos(state['yaw'] / 2)
        message.twist.twist.linear.x, message.twist.twist.angular.z = state['forward'], state['turn']
        odometry.publish(message)
        message = JointState()
        message.header.stamp = stamp
        message.name, message.position = JOINTS, list(state['joints'])
        if count % 50 == 7:
            message.position[-1] = math.nan
        joints.publish(message)
        count += 1
        clock.sleep()


def background(width, height):
    picture = np.zeros((height, width, 3), np.uint8)
    picture[..., 0] = np.linspace(0, 200, width, dtype=np.uint8)[None]
    picture[..., 1] = np.linspace(0, 200, height, dtype=np.uint8)[:, None]
    return picture


def draw(scene, count, x, y):
    """The scene with the robot as a white square, and the picture's number along the top."""
    picture = scene.copy()
    height, width = picture.shape[:2]
    side = max(2, width // 16)
    column = int(np.clip((x / REACH + 1) / 2, 0, 1) * (width - side))
    row = int(np.clip((1 - y / REACH) / 2, 0, 1) * (height - side))
    picture[row:row + side, column:column + side] = 255
    block = width // BITS
    for bit in range(BITS):
        picture[:block, bit * block:(bit + 1) * block] = 255 * (count >> bit & 1)
    return picture


def raw_image(header, encoding, pixels):
    message = Image()
    message.header, message.encoding = header, encoding
    message.height, message.width = pixels.shape[:2]
    message.step = pixels.strides[0]
    message.data = pixels.tobytes()
    return message


def jpeg_image(header, picture):
    stream = io.BytesIO()
    Picture.fromarray(picture).save(stream, 'JPEG', quality=85)
    return CompressedImage(header, 'rgb8; jpeg compressed bgr8', stream.getvalue())


def depth_image(header, width, height, count):
    """A wall at 1000 to 1999 mm; the first pixel is the picture's number."""
    pixels = np.full((height, width), 1000 + count % 1000, '<u2')
    pixels[0, 0] = count & 0xffff
    return raw_image(header, '16UC1', pixels)


def keep_seeing(width, height, hz):
    raw = rospy.Publisher('/cam/image_raw', Image, queue_size=2)
    jpeg = rospy.Publisher('/cam/image_raw/compressed', CompressedImage, queue_size=2)
    depth = rospy.Publisher('/cam/depth', Image, queue_size=2)
    scene = background(width, height)
    clock = rospy.Rate(hz)
    while not rospy.is_shutdown():
        with lock:
            count, x, y = robot['frames'], robot['x'], robot['y']
            robot['frames'] += 1
        header = rospy.Header(stamp=rospy.Time.now(), frame_id='cam')
        picture = draw(scene, count, x, y)
        if raw.get_num_connections():
            raw.publish(raw_image(header, 'rgb8', picture))
        if jpeg.get_num_connections():
            jpeg.publish(jpeg_image(header, picture))
        if depth.get_num_connections():
            depth.publish(depth_image(header, width, height, count))
        clock.sleep()


def offer_services():
    e_stop = rospy.Publisher('/e_stop', Bool, queue_size=10, latch=True)
    e_stop.publish(False)

    def switch(name):
        def handle(request):
            with lock:
                robot[name] = request.data
            if name == 'eStop':
                e_stop.publish(request.data)
            return SetBoolResponse(True, '%s=%s' % (name, request.data))
        return handle

    rospy.Service('/robot/enable', SetBool, switch('enabled'))
    rospy.Service('/robot/e_stop', SetBool, switch('eStop'))
    rospy.Service('/robot/command_timeout', SetBool, switch('commandTimeout'))
    rospy.Service('/robot/dump', Trigger, lambda _: TriggerResponse(True, dump()))


def call(service, args):
    kind = rosservice.get_service_class_by_name(service)
    request = kind._request_class()
    genpy.message.fill_message_args(request, [args])
    return json.dumps(plain(rospy.ServiceProxy(service, kind)(request)))


def answer(request):
    try:
        keep = request.get('keep', False)
        result = dump(keep) if request['op'] == 'dump' else call(request['service'], request['args'])
        line = '{"id":%d,"result":%s}' % (request['id'], result)
    except Exception as error:
        line = '{"id":%d,"error":%s}' % (request['id'], json.dumps(str(error)))
    with lock:
        sys.stdout.write(line + '\n')
        sys.stdout.flush()


def keep_answering():
    for line in sys.stdin:
        threading.Thread(target=answer, args=(json.loads(line),), daemon=True).start()


parser = argparse.ArgumentParser()
parser.add_argument('width', type=int)
parser.add_argument('height', type=int)
parser.add_argument('hz', type=float)
parser.add_argument('--timeout', type=float, default=0.5, help='seconds without a velocity before it stops; 0 is never')
options = parser.parse_args()
if options.width < BITS or options.height < 2 or not options.hz > 0:
    parser.error('a picture must be at least %d wide and 2 high, and come at some rate' % BITS)

rospy.init_node('robot', disable_signals=True)
sinks = {
    topic: rospy.Subscriber(topic, kind, on_arrival, callback_args=topic, tcp_nodelay=True)
    for topic, kind in SINKS.items()
}
offer_services()
threading.Thread(target=keep_answering, daemon=True).start()
threading.Thread(target=keep_state, args=(options.timeout,), daemon=True).start()
print('ready', flush=True)
keep_seeing(options.width, options.height, options.hz)

"""What a client subscribes to and publishes on: the ROS side of the bridge."""
import collections
import threading
import time

import rospy
from graph import checked_class
from wire import to_cbor, to_json

CONNECTING_S = 1


class Outlet:
    """Throttles and queues what one subscription delivers; a queue of 0 is none, and blocks ROS instead."""

    def __init__(self, deliver):
        self.deliver = deliver
        self.pause = 0.0
        self.last = -1e9
        self.waiting = None
        self.condition = threading.Condition()
        self.alive = True

    def configure(self, throttle_ms, queue_length):
        with self.condition:
            self.pause = throttle_ms / 1e3
            if queue_length == 0:
                self.waiting = None
            else:
                worker = self.waiting is None
                self.waiting = collections.deque(self.waiting or (), maxlen=queue_length)
                if worker:
                    threading.Thread(target=self.work, daemon=True).start()
            self.condition.notify_all()

    def remaining(self):
        return max(0.0, self.last + self.pause - time.monotonic())

    def take(self, message):
        with self.condition:
            if self.waiting is not None:
                self.waiting.append(message)
                self.condition.notify_all()
                return
        if self.remaining() == 0:
            self.send(message)

    def send(self, message):
        self.last = time.monotonic()
        try:
            self.deliver(message)
        except Exception as error:
            rospy.logerr_throttle_identical(60, 'not delivered: %s' % error)

    def work(self):
        while True:
            with self.condition:
                while self.alive and self.waiting is not None and (not self.waiting or self.remaining() > 0):
                    self.condition.wait(self.remaining() if self.waiting else None)
                if not self.alive or self.waiting is None:
                    return
                message = self.waiting.popleft()
            self.send(message)

    def finish(self):
        with self.condition:
            self.alive = False
            self.condition.notify_all()


class Subscription:
    """All subscriptions of one client to one topic."""

    def __init__(self, topic, send, faults):
        self.topic, self.send, self.faults = topic, send, faults
        self.wishes = {}
        self.outlet = Outlet(self.deliver)
        self.subscriber = None
        self.compression = 'none'

    def subscribe(self, request):
        self.wishes[request.get('id')] = request
        self.combine()
        raw = request.get('compression') == 'cbor-raw'
        kind = checked_class(self.topic, None if raw else request.get('type'))
        if self.subscriber is None:
            self.subscriber = rospy.Subscriber(self.topic, rospy.AnyMsg if raw else kind, self.outlet.take)

    def unsubscribe(self, wish):
        if wish is None:
            self.wishes.clear()
        self.wishes.pop(wish, None)
        if self.wishes:
            self.combine()
        else:
            self.finish()

    def combine(self):
        wishes = self.wishes.values()
        compressions = [wish.get('compression', 'none') for wish in wishes]
        self.compression = next((one for one in ('cbor-raw', 'cbor') if one in compressions), 'none')
        self.outlet.configure(
            min(wish.get('throttle_rate', 0) for wish in wishes),
            min(wish.get('queue_length', 0) for wish in wishes),
        )

    def deliver(self, message):
        out = {'op': 'publish', 'topic': self.topic}
        if self.compression == 'cbor-raw':
            now = rospy.get_rostime()
            out['msg'] = {'secs': now.secs, 'nsecs': now.nsecs, 'bytes': message._buff}
        elif self.compression == 'cbor':
            out['msg'] = to_cbor(message, message._type, self.faults)
        else:
            out['msg'] = to_json(message, message._type)
        self.send(out, binary=self.compression != 'none')

    def finish(self):
        if self.subscriber is not None:
            self.subscriber.unregister()
        self.outlet.finish()


class Connecting(rospy.SubscribeListener):
    """Hands what was published in a publisher's first second to subscribers that connect in that time."""

    def __init__(self):
        self.born = time.monotonic()
        self.early = []

    def keep(self, message):
        if time.monotonic() - self.born < CONNECTING_S:
            self.early.append(message)

    def peer_subscribe(self, _topic, _publish, peer_publish):
        if time.monotonic() - self.born < CONNECTING_S:
            for message in list(self.early):
                peer_publish(message)

#!/usr/bin/python3
"""A rosbridge server for tests, written after the protocol's specification and what the ROS 1 server 0.11.17 was seen to
do. Loopback only.

Like the real one: a subscription's queue is bounded and drops its oldest; a client that does not read closes a valve, so
memory stays flat; two subscriptions of one client to a topic share the lowest throttle and the shortest queue, failed ones
included; fragments have the integer id 0 and a `total` that is no integer; a publisher outlives its client by ten seconds.

--faults adds what the real one does wrong (see wire.py), and keeps every error to itself. Without, errors are sent as
`status` messages.
--no-rosapi answers as where rosapi does not run. --token asks for an `Authorization: Bearer` header; --secret for an
`auth` message as rosauth checks it. --certificate and --key turn on TLS.
"""
import argparse
import hashlib
import json
import queue
import threading

import cbor2
import rospy
import tornado.ioloop
import tornado.web
import tornado.websocket
from graph import call_service, checked_class
from subscription import Connecting, Subscription
from wire import fill

LARGEST_MESSAGE = 10_000_000
UNREGISTER_S = 10
VALVE_BYTES = 1 << 16


class Client(tornado.websocket.WebSocketHandler):
    def check_origin(self, origin):
        return True

    def prepare(self):
        if options.token and self.request.headers.get('Authorization') != 'Bearer ' + options.token:
            raise tornado.web.HTTPError(401)

    def open(self):
        self.set_nodelay(True)
        self.subscriptions, self.publishers = {}, {}
        self.authenticated = options.secret is None
        self.fragment_size = None
        self.valve, self.unsent, self.gone = threading.Condition(), 0, False
        self.incoming = queue.Queue()
        threading.Thread(target=self.work, daemon=True).start()

    def on_message(self, text):
        self.incoming.put(text)

    def on_close(self):
        with self.valve:
            self.gone = True
            self.valve.notify_all()
        with self.incoming.mutex:
            self.incoming.queue.clear()
        self.incoming.put(None)

    def work(self):
        while (text := self.incoming.get()) is not None:
            self.handle(text)
        for subscription in self.subscriptions.values():
            subscription.finish()
        for topic in list(self.publishers):
            self.forget(topic)

    def handle(self, text):
        """Errors are logged. At fault, as on the real server, the client never hears of them."""
        try:
            message = json.loads(text)
            if not self.authenticated:
                return self.authenticate(message)
            self.fragment_size = message.get('fragment_size') or self.fragment_size
            getattr(self, 'op_' + message['op'])(message)
        except Exception as error:
            rospy.logerr('%s: %s', text[:120], error)
            if not options.faults:
                self.send({'op': 'status', 'level': 'error', 'msg': str(error)})

    def authenticate(self, message):
        parts = ('client', 'dest', 'rand', 't', 'level', 'end')
        text = options.secret + ''.join(str(message.get(part)) for part in parts)
        self.authenticated = message['op'] == 'auth' and message.get('mac') == hashlib.sha512(text.encode()).hexdigest()
        if not self.authenticated:
            LOOP.add_callback(self.close)

    def send(self, message, binary=False):
        """From any thread; blocks while the client does not read."""
        payload = cbor2.dumps(message) if binary else json.dumps(message)
        if self.fragment_size is None or len(payload) <= self.fragment_size:
            return self.pour(payload, binary)
        if binary:
            raise AttributeError('bytes cannot be cut into fragments')
        total = (len(payload) - 1) / self.fragment_size + 1
        for number, start in enumerate(range(0, len(payload), self.fragment_size)):
            data = payload[start:start + self.fragment_size]
            fragment = {'op': 'fragment', 'id': message.get('id', 0), 'data': data, 'num': number, 'total': total}
            self.pour(json.dumps(fragment), False)

    def pour(self, payload, binary):
        with self.valve:
            self.valve.wait_for(lambda: self.gone or self.unsent <= VALVE_BYTES)
            self.unsent += len(payload)
        LOOP.add_callback(self.write_out, payload, binary)

    async def write_out(self, payload, binary):
        try:
            await self.write_message(payload, binary)
        except (tornado.websocket.WebSocketClosedError, tornado.iostream.StreamClosedError):
            pass
        finally:
            with self.valve:
                self.unsent -= len(payload)
                self.valve.notify_all()

    def op_advertise(self, message):
        topic = message['topic']
        kind = checked_class(topic, message.get('type'))
        if topic in self.publishers:
            return
        connecting = Connecting()
        publisher = rospy.Publisher(
            topic, kind, connecting, queue_size=message.get('queue_size', 100), latch=message.get('latch', False))
        self.publishers[topic] = publisher, connecting

    def op_unadvertise(self, message):
        self.forget(message['topic'])

    def forget(self, topic):
        publisher, _ = self.publishers.pop(topic)
        LOOP.add_callback(LOOP.call_later, UNREGISTER_S, publisher.unregister)

    def op_publish(self, message):
        topic = message['topic']
        if topic not in self.publishers:
            self.op_advertise({'topic': topic, 'latch': message.get('latch', False)})
        publisher, connecting = self.publishers[topic]
        out = fill(publisher.data_class(), message.get('msg', {}), options.faults)
        connecting.keep(out)
        publisher.publish(out)

    def op_subscribe(self, message):
        topic = message['topic']
        if topic not in self.subscriptions:
            self.subscriptions[topic] = Subscription(topic, self.send, options.faults)
        self.subscriptions[topic].subscribe(message)

    def op_unsubscribe(self, message):
        subscription = self.subscriptions[message['topic']]
        subscription.unsubscribe(message.get('id'))
        if not subscription.wishes:
            del self.subscriptions[message['topic']]

    def op_call_service(self, message):
        threading.Thread(target=self.call, args=(message,), daemon=True).start()

    def call(self, message):
        answer = {'op': 'service_response', 'service': message['service']}
        try:
            args = message.get('args') or {}
            values = call_service(message['service'], args, options.faults, not options.no_rosapi)
            answer.update(values=values, result=True)
        except Exception as error:
            answer.update(values=str(error), result=False)
        if 'id' in message:
            answer['id'] = message['id']
        self.send(answer)


parser = argparse.ArgumentParser()
parser.add_argument('port', type=int, help='0 takes a free one; it is printed after `ready`')
parser.add_argument('--faults', action='store_true')
parser.add_argument('--no-rosapi', action='store_true')
for name in ('token', 'secret', 'certificate', 'key'):
    parser.add_argument('--' + name)
options = parser.parse_args()

rospy.init_node('rosbridge_websocket', disable_signals=True)
LOOP = tornado.ioloop.IOLoop.current()
server = tornado.web.Application([(r'/.*', Client)], websocket_max_message_size=LARGEST_MESSAGE).listen(
    options.port, '127.0.0.1',
    ssl_options={'certfile': options.certificate, 'keyfile': options.key} if options.certificate else None)
print('ready', next(iter(server._sockets.values())).getsockname()[1], flush=True)
LOOP.start()

"""What the bridge asks of the ROS graph: services, and rosapi's answers about it."""
import rosgraph
import rospy
import rosservice
from wire import fill, message_class, to_json


def master():
    """A connection of its own for each question: they are asked from many threads."""
    return rosgraph.Master('/rosapi')


def topic_types():
    return dict(map(tuple, master().getTopicTypes()))


def checked_class(topic, kind):
    """The class for a topic: of the type given, if it is the one on the graph, else of the one there."""
    established = topic_types().get(topic, '*')
    if kind is None and established == '*':
        raise ValueError('Cannot infer topic type for topic %s as it is not yet advertised' % topic)
    found = message_class(kind or established)
    if established not in ('*', found._type):
        raise ValueError('Tried to register topic %s with type %s but it is already established with type %s' % (
            topic, found._type, established))
    return found


def call_service(name, args, faults, rosapi):
    if rosapi and name in ROSAPI:
        return ROSAPI[name](args)
    kind = rosservice.get_service_class_by_name(name) if rosservice.get_service_type(name) else None
    if kind is None:
        raise ValueError('Service %s does not exist' % name)
    request = kind._request_class()
    if isinstance(args, list):
        args = dict(zip(request.__slots__, args))
    return to_json(rospy.ServiceProxy(name, kind)(fill(request, args, faults)), kind._response_class._type)


def topics(_args):
    publishers, subscribers, _ = master().getSystemState()
    kinds = topic_types()
    names = sorted({name for name, _ in publishers + subscribers})
    return {'topics': names, 'types': [kinds.get(name, '*').replace('*', '') for name in names]}


def topic_type(args):
    return {'type': topic_types().get(args['topic'], '*').replace('*', '')}


def nodes_of(kind, topic):
    return next((nodes for name, nodes in master().getSystemState()[kind] if name == topic), [])


def get_time(_args):
    now = rospy.get_rostime()
    return {'time': {'secs': now.secs, 'nsecs': now.nsecs}}


ROSAPI = {
    '/rosapi/topics': topics,
    '/rosapi/topic_type': topic_type,
    '/rosapi/publishers': lambda args: {'publishers': nodes_of(0, args['topic'])},
    '/rosapi/subscribers': lambda args: {'subscribers': nodes_of(1, args['topic'])},
    '/rosapi/services': lambda _: {'services': sorted({name for name, _ in master().getSystemState()[2]} | set(ROSAPI))},
    '/rosapi/service_type': lambda args: {'type': rosservice.get_service_type(args['service']) or ''},
    '/rosapi/get_time': get_time,
}

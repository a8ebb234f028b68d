"""The embedded broker: half a message, or half a list of queues, stops no worker."""

from queue import Empty
from uuid import uuid4

import pytest
from kombu import Connection, Exchange, Queue

from ml4rs.broker import Transport


@pytest.fixture
def folders(tmp_path):
    found = {"messages": tmp_path / "messages", "control": tmp_path / "control"}
    for folder in found.values():
        folder.mkdir()
    return found


@pytest.fixture
def queue(folders):
    options = {
        "data_folder_in": str(folders["messages"]),
        "data_folder_out": str(folders["messages"]),
        "control_folder": str(folders["control"]),
    }
    name = f"q{uuid4().hex}"  # the library remembers, for as long as the process lives, which names it has bound
    address = Queue(name, Exchange(name), routing_key=name)
    with Connection("filesystem://", transport_options=options) as connection, connection.SimpleQueue(address) as found:
        yield found


def test_it_is_the_one_behind_the_address(queue):
    assert Transport.Channel is type(queue.channel)


def test_a_message_arrives_and_leaves_nothing_unfinished(queue, folders):
    queue.put({"row": 7})
    assert [file.suffix for file in folders["messages"].iterdir()] == [".msg"]
    assert queue.get(timeout=1).payload == {"row": 7}
    assert list(folders["messages"].iterdir()) == []


def test_half_a_message_is_none_and_the_next_arrives(queue, folders):
    queue.put({"row": 1})
    (first,) = folders["messages"].iterdir()
    first.write_bytes(first.read_bytes()[:30])
    with pytest.raises(Empty):
        queue.get_nowait()
    queue.put({"row": 2})
    assert queue.get(timeout=1).payload == {"row": 2}


def test_half_a_list_of_queues_is_written_anew(queue, folders):
    queue.put({"row": 1})
    (table,) = folders["control"].iterdir()
    name = table.stem
    table.write_text('[["ml4')
    assert queue.channel.get_table(name) == []
    queue.channel._queue_bind(name, name, "", name)
    assert [each.queue for each in queue.channel.get_table(name)] == [name]

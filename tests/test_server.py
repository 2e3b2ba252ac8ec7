import socket

import pytest

from assistant.errors import ServeError
from ui.server import check_address


def test_a_port_in_use_says_what_to_do():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(ServeError, match="choose another with --port"):
            check_address("127.0.0.1", taken.getsockname()[1])


def test_a_port_that_does_not_exist_says_what_to_do():
    with pytest.raises(ServeError, match="--port"):
        check_address("127.0.0.1", 70_000)


def test_an_address_beyond_this_machine_is_refused():
    with pytest.raises(ServeError, match="people must sign in: make an account"):
        check_address("0.0.0.0", 7860)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    check_address("0.0.0.0", port, sign_in=True)

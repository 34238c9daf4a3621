"""Conversations held by hand, answer after answer."""

from fkube.exchange import Done


def hold_with(exchange, *answers):
    """Hold a conversation with these answers: what was asked, and the result."""
    asked = []
    for answer in answers:
        asked.append(exchange.request)
        exchange = exchange.then(answer)
    assert isinstance(exchange, Done)
    return asked, exchange.result

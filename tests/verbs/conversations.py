"""Conversations held by hand, answer after answer."""

from fkube.exchange import Done, Response


def hold_with(exchange, *answers):
    """Hold a conversation with these answers, or errors where none came: what was asked, and the result."""
    asked = []
    for answer in answers:
        asked.append(exchange.request)
        exchange = exchange.then(answer) if isinstance(answer, Response) else exchange.lost(answer)
    assert isinstance(exchange, Done)
    return asked, exchange.result

"""What cannot be read as HTTP is answered with a problem document too."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from shared.contracts.text import Text
from shared.web.problems import problem
from shared.web.refusals import BadRequest


class UnreadableRequest(BadRequest):
    """The parser gave the request up: what was sent is not HTTP/1.1 (RFC 9112)."""

    slug = "unreadable-request"
    detail = Text(
        en="What was sent is not HTTP/1.1: a line or a header holds what it must not.",
        ar="ما أُرسل ليس HTTP/1.1: في سطر أو ترويسة ما لا يجوز فيها.",
    )


class ReadsHttp(HttpToolsProtocol):
    """uvicorn's protocol, which answers in plain text where it cannot read; this one says it as all else."""

    def send_400_response(self, msg: str) -> None:
        """Answer in the language of the headers that were read so far, and close the connection."""
        headers = getattr(self, "headers", None) or []
        accepted = next((value for name, value in headers if name == b"accept-language"), b"")
        answer = problem(UnreadableRequest(), accepted.decode("latin-1"))
        lines = [b"HTTP/1.1 400 Bad Request", *(b": ".join(pair) for pair in answer.raw_headers)]
        head = b"\r\n".join([*lines, b"connection: close", b"", b""])
        self.transport.write(head + bytes(answer.body))
        self.transport.close()

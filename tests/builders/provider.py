"""A small OpenID Connect provider for tests: a real process that speaks HTTP on loopback, with faults on demand.

`GET /next?sub=…&fault=…&amr=…` chooses who signs in next and what is wrong with the answer. It checks what a provider
must: the client's secret, that a code is used once, and the proof key (PKCE, S256).
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "sunshine", "secret of a test"
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
STRANGER = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
CODES: dict[str, dict[str, str]] = {}
NEXT: dict[str, str] = {"sub": "person-1", "fault": "", "amr": ""}


class Provider(BaseHTTPRequestHandler):
    """Answers the four addresses of a provider, and the one that chooses."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        given = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            issuer = self._issuer() + ("/other" if NEXT["fault"] == "issuer" else "")
            named = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
            self._json({"issuer": issuer} | {name: self._issuer() + path for name, path in named.items()})
        elif parts.path == "/keys":
            self._json({"keys": [KEY.as_dict(private=False)]})
        elif parts.path == "/next":
            NEXT.update({"sub": "person-1", "fault": "", "amr": ""} | given)
            self._json(NEXT)
        else:
            self._authorize(given)

    def _authorize(self, given: dict[str, str]) -> None:
        code = secrets.token_urlsafe(16)
        CODES[code] = given
        state = "another" if NEXT["fault"] == "state" else given["state"]
        query = (
            {"error": "access_denied", "state": state}
            if NEXT["fault"] == "denied"
            else {"code": code, "state": state}
        )
        self.send_response(302)
        self.send_header("location", f"{given['redirect_uri']}?{urlencode(query)}")
        self.send_header("content-length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        given = {name: values[0] for name, values in parse_qs(body).items()}
        asked = CODES.pop(given.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
        is_proven = asked is not None and challenge.rstrip(b"=").decode() == asked.get("code_challenge")
        if asked is None or not is_proven or not self._is_client(given):
            self._json({"error": "invalid_grant"}, 400)
            return
        self._json({"access_token": "x", "token_type": "Bearer", "id_token": self._token(asked)})

    def _is_client(self, given: dict[str, str]) -> bool:
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        return self.headers.get("authorization") == f"Basic {basic}" or given.get("client_secret") == SECRET

    def _token(self, asked: dict[str, str]) -> str:
        fault, now = NEXT["fault"], int(time.time())
        age = 7200 if fault == "expired" else 0
        claims: dict[str, Any] = {
            "iss": "https://evil.test" if fault == "iss" else self._issuer(),
            "aud": "another client" if fault == "aud" else CLIENT,
            "sub": NEXT["sub"],
            "nonce": "another" if fault == "nonce" else asked["nonce"],
            "iat": now - age,
            "exp": now - age + 300,
        }
        if NEXT["amr"]:
            claims["amr"] = NEXT["amr"].split(",")
        if fault == "unsigned":
            parts = ({"alg": "none"}, claims)
            return (
                ".".join(
                    base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()
                    for part in parts
                )
                + "."
            )
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, STRANGER if fault == "key" else KEY)

    def _issuer(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"  # type: ignore[attr-defined]

    def _json(self, document: object, status: int = 200) -> None:
        body = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        del format, args


@contextmanager
def running_provider() -> Iterator[str]:
    """The issuer of a provider in a process of its own."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.builders.provider"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.terminate()
        process.communicate(timeout=10)


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    print(server.server_port, flush=True)  # noqa: T201 - told to the test
    server.serve_forever()

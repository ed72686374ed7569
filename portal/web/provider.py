"""OpenID Connect: what is asked of the provider, and what its answer must hold (code flow with PKCE).

Everything is checked here before anybody is let in: the answer belongs to our question (state), the code is redeemed
with our secret and verifier, and the identity token is signed by the provider's own key, for us, now, with our nonce.
Synchronous, because it runs in a thread; nothing here touches the database.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import requests
from authlib.common.security import generate_token
from authlib.integrations.base_client import OAuthError
from authlib.integrations.requests_client import OAuth2Session
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from portal.settings import Settings

BACK = "/login/provider/back"
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
SECONDS = 10.0
SKEW_SECONDS = 60
SECOND_FACTORS = frozenset({"mfa", "otp", "hwk", "fido", "sms"})


class ProviderRefused(Exception):
    """The provider cannot be reached, or its answer cannot be trusted; the message is for the person at the browser."""


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked: kept in the browser under our seal until the answer comes."""

    state: str
    nonce: str
    verifier: str

    def to_text(self) -> str:
        """As it is kept."""
        return json.dumps([self.state, self.nonce, self.verifier])

    @classmethod
    def from_text(cls, text: str) -> Question:
        """Read it back. Raises: ValueError."""
        state, nonce, verifier = json.loads(text)
        return cls(str(state), str(nonce), str(verifier))


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody of the provider. `has_second_factor`: the provider says that it asked for one."""

    issuer: str
    subject: str
    has_second_factor: bool


@dataclass(frozen=True, slots=True)
class Provider:
    """The provider as the settings name it."""

    issuer: str
    client_id: str
    client_secret: str
    redirect_uri: str

    @classmethod
    def of(cls, settings: Settings) -> Provider:
        """The one of this installation."""
        return cls(
            settings.oidc_issuer,
            settings.oidc_client_id,
            settings.oidc_client_secret,
            settings.base_url + BACK,
        )

    def ask(self) -> tuple[str, Question]:
        """The address to send the browser to, and the question it carries. Raises: ProviderRefused."""
        question = Question(generate_token(32), generate_token(32), generate_token(64))
        with self._client() as client:
            address, _ = client.create_authorization_url(
                self._endpoint("authorization_endpoint"),
                state=question.state,
                nonce=question.nonce,
                code_verifier=question.verifier,
            )
        return str(address), question

    def identity(self, question: Question, state: str, code: str, at: datetime) -> Identity:
        """Who the answer stands for. Raises: ProviderRefused when any part of it does not fit."""
        if not state or state != question.state:
            raise ProviderRefused("这次登录与本浏览器发起的不一致，没有采用。请重新登录。")
        try:
            with self._client() as client:
                tokens: dict[str, Any] = client.fetch_token(
                    self._endpoint("token_endpoint"), code=code, code_verifier=question.verifier
                )
            keys = KeySet.import_key_set(_fetched(self._endpoint("jwks_uri")))
            claims = jwt.decode(str(tokens["id_token"]), keys, algorithms=ALGORITHMS).claims
            self._check(claims, question, at)
        except (OAuthError, requests.RequestException, JoseError, KeyError, ValueError, TypeError) as error:
            raise ProviderRefused("统一身份认证的应答无法核实，没有采用。请重新登录。") from error
        factors = claims.get("amr")
        shown = {str(factor) for factor in factors} if isinstance(factors, list) else set()
        return Identity(self.issuer, str(claims["sub"]), bool(shown & SECOND_FACTORS))

    def _check(self, claims: dict[str, Any], question: Question, at: datetime) -> None:
        registry = jwt.JWTClaimsRegistry(
            now=int(at.timestamp()),
            leeway=SKEW_SECONDS,
            iss={"essential": True, "value": self.issuer},
            aud={"essential": True, "value": self.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": question.nonce},
            sub={"essential": True},
        )
        registry.validate(claims)
        authorised = claims.get("azp", self.client_id)
        if authorised != self.client_id or not str(claims["sub"]).strip():
            raise ValueError("the token is for another client, or for nobody")

    def _client(self) -> OAuth2Session:
        return OAuth2Session(
            self.client_id,
            self.client_secret,
            scope="openid",
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            default_timeout=SECONDS,
        )

    def _endpoint(self, name: str) -> str:
        """An address of the provider, as its own description says. Raises: ProviderRefused."""
        try:
            described = _fetched(f"{self.issuer}/.well-known/openid-configuration")
            if described["issuer"].rstrip("/") != self.issuer:
                raise ProviderRefused("统一身份认证自称的签发方与设置不符，请联系管理员。")
            return str(described[name])
        except (requests.RequestException, KeyError, ValueError, AttributeError, TypeError) as error:
            raise ProviderRefused("统一身份认证暂时连不上，请稍后再试，或用本站账户登录。") from error


def _fetched(address: str) -> Any:
    answer = requests.get(address, timeout=SECONDS, allow_redirects=False)
    answer.raise_for_status()
    return answer.json()

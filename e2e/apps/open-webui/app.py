"""Signs people in as Open WebUI does: Starlette, Authlib, httpx, and its own ways to refresh and to sign out."""

import json
import os
import time

import aiohttp
import jwt
import uvicorn
from authlib.integrations.starlette_client import OAuth
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse
from starlette.routing import Route

env = os.environ
provider_url = env["OPENID_PROVIDER_URL"]
client_id = env["OAUTH_CLIENT_ID"]
client_secret = env["OAUTH_CLIENT_SECRET"]
timeout = aiohttp.ClientTimeout(total=10)

client_kwargs = {"scope": env.get("OAUTH_SCOPES", "openid email profile")}
if env.get("OAUTH_TOKEN_ENDPOINT_AUTH_METHOD"):
    client_kwargs["token_endpoint_auth_method"] = env["OAUTH_TOKEN_ENDPOINT_AUTH_METHOD"]
if env.get("OAUTH_CODE_CHALLENGE_METHOD"):
    client_kwargs["code_challenge_method"] = env["OAUTH_CODE_CHALLENGE_METHOD"]

oauth = OAuth()
oauth.register(
    name="oidc",
    client_id=client_id,
    client_secret=client_secret,
    server_metadata_url=provider_url,
    client_kwargs=client_kwargs,
    redirect_uri=env.get("OPENID_REDIRECT_URI"),
)

# Token responses by session id, as Open WebUI keeps them in its table oauth_sessions.
sessions: dict[str, dict] = {}
users: dict[str, dict] = {}
log: dict[str, int] = {"userinfo": 0}


async def get_json(url: str) -> dict:
    async with aiohttp.ClientSession(trust_env=True, timeout=timeout) as http, http.get(url) as answer:
        answer.raise_for_status()
        return await answer.json()


async def health(_request):
    return PlainTextResponse("OK")


async def home(request):
    kept = sessions.get(request.cookies.get("oauth_session_id", ""))
    return HTMLResponse('<h1 id="chat">Chat</h1>' if kept else '<h1 id="login">Sign in</h1><a href="/oauth/oidc/login">SSO</a>')


async def login(request):
    parameters = json.loads(env.get("OAUTH_AUTHORIZE_PARAMS") or "{}")
    if env.get("OAUTH_AUDIENCE"):
        parameters["audience"] = env["OAUTH_AUDIENCE"]
    return await oauth.oidc.authorize_redirect(request, env["OPENID_REDIRECT_URI"], **parameters)


async def callback(request):
    try:
        token = await oauth.oidc.authorize_access_token(request)
    except Exception as error:  # noqa: BLE001 - the test reads what the library says
        return JSONResponse({"error": type(error).__name__, "detail": str(error)}, status_code=400)
    claims = token.get("userinfo") or {}
    name_claim = env.get("OAUTH_USERNAME_CLAIM", "name")
    if "email" not in claims or name_claim not in claims:
        log["userinfo"] += 1
        asked = await oauth.oidc.userinfo(token=token)
        claims = {**claims, **asked}
    if not claims.get("email") or not claims.get("sub"):
        return JSONResponse({"error": "no email", "claims": claims}, status_code=403)
    subject = claims["sub"]
    users[subject] = {"sub": subject, "email": claims["email"].lower(), "name": claims.get(name_claim), "claims": dict(claims)}
    token["expires_at"] = token.get("expires_at") or int(time.time()) + token.get("expires_in", 0)
    session_id = os.urandom(16).hex()
    sessions[session_id] = {"sub": subject, "token": dict(token), "refreshes": 0}
    response = RedirectResponse(env["WEBUI_URL"], status_code=302)
    response.set_cookie("oauth_session_id", session_id, httponly=True, samesite="lax")
    return response


async def session(request):
    kept = sessions.get(request.cookies.get("oauth_session_id", ""))
    if kept is None:
        return JSONResponse({"user": None, "log": log})
    return JSONResponse({"user": users[kept["sub"]], "token": kept["token"], "log": log}, headers={"cache-control": "no-store"})


async def refresh(request):
    """POST form with the credentials in the body, through a plain HTTP client; the answer replaces what was kept."""
    kept = sessions[request.cookies["oauth_session_id"]]
    metadata = await get_json(provider_url)
    form = {
        "grant_type": "refresh_token",
        "refresh_token": kept["token"]["refresh_token"],
        "client_id": client_id,
        "client_secret": client_secret,
    }
    async with aiohttp.ClientSession(trust_env=True, timeout=timeout) as http:
        async with http.post(metadata["token_endpoint"], data=form) as answer:
            if answer.status != 200:
                return JSONResponse({"error": await answer.text()}, status_code=502)
            fresh = await answer.json()
    fresh.setdefault("refresh_token", kept["token"]["refresh_token"])
    fresh["expires_at"] = int(time.time()) + fresh.get("expires_in", 0)
    kept["token"] = fresh
    return JSONResponse({"token": fresh, "claims": jwt.decode(fresh["id_token"], options={"verify_signature": False})})


async def signout(request):
    kept = sessions.pop(request.cookies.get("oauth_session_id", ""), None)
    metadata = await get_json(provider_url)
    # Open WebUI joins the parts without encoding them, and says "None" when it has no ID token.
    hint = kept["token"].get("id_token") if kept and not request.query_params.get("forget") else None
    redirect = f"{metadata['end_session_endpoint']}?id_token_hint={hint}"
    if env.get("WEBUI_AUTH_SIGNOUT_REDIRECT_URL"):
        redirect += f"&post_logout_redirect_uri={env['WEBUI_AUTH_SIGNOUT_REDIRECT_URL']}"
    response = JSONResponse({"status": True, "redirect_url": redirect})
    response.delete_cookie("oauth_session_id")
    return response


async def backchannel_logout(request):
    """Checks a logout token as Open WebUI does, and forgets every session of the person."""
    form = await request.form()
    try:
        token = form["logout_token"]
        metadata = await get_json(provider_url)
        keys = await get_json(metadata["jwks_uri"])
        header = jwt.get_unverified_header(token)
        key = next(key for key in jwt.PyJWKSet.from_dict(keys).keys if key.key_id == header["kid"])
        claims = jwt.decode(
            token,
            key.key,
            algorithms=["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"],
            audience=client_id,
            issuer=metadata["issuer"],
            options={"require": ["iss", "aud", "iat", "events"]},
        )
        if "nonce" in claims:
            raise ValueError("a logout token must not have a nonce")
        if "http://schemas.openid.net/event/backchannel-logout" not in claims["events"]:
            raise ValueError("the logout event is missing")
        if not claims.get("sub"):
            raise ValueError("sub is missing: sessions are found by sub alone")
    except Exception as error:  # noqa: BLE001 - every fault is the same answer
        log["backchannel_error"] = f"{type(error).__name__}: {error}"
        return JSONResponse({"error": "invalid_request", "error_description": str(error)}, status_code=400)
    for session_id in [session_id for session_id, kept in sessions.items() if kept["sub"] == claims["sub"]]:
        del sessions[session_id]
    log["backchannel"] = log.get("backchannel", 0) + 1
    return JSONResponse({}, headers={"cache-control": "no-store"})


app = Starlette(
    routes=[
        Route("/health", health),
        Route("/", home),
        Route("/oauth/oidc/login", login),
        Route("/oauth/oidc/callback", callback),
        Route("/api/v1/auths/session", session),
        Route("/api/v1/auths/refresh", refresh, methods=["POST"]),
        Route("/api/v1/auths/signout", signout, methods=["POST"]),
        Route("/oauth/backchannel-logout", backchannel_logout, methods=["POST"]),
    ],
    middleware=[Middleware(SessionMiddleware, secret_key="the session cookie of a test", session_cookie="owui-session", same_site="lax")],
)

if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(env["LISTEN_PORT"]), log_level="warning")

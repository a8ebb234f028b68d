"""Signing in with ORCID, Google or GitHub: offered only when the environment has the keys. No Django here."""

SIGN_IN_KEYS = (
    "ORCID_CLIENT_ID",
    "ORCID_SECRET",
    "GOOGLE_CLIENT_ID",
    "GOOGLE_SECRET",
    "GITHUB_CLIENT_ID",
    "GITHUB_SECRET",
)

# Google and GitHub say which addresses they have verified, so a verified address of theirs opens the account
# that holds the same verified address. ORCID gives no such promise: there one signs in first and connects.
_OPTIONS: dict[str, dict] = {
    "orcid": {},
    "google": {"SCOPE": ["profile", "email"], "OAUTH_PKCE_ENABLED": True, "EMAIL_AUTHENTICATION": True},
    "github": {"SCOPE": ["user:email"], "OAUTH_PKCE_ENABLED": True, "EMAIL_AUTHENTICATION": True},
}
_ORIGINS = {
    "orcid": "https://orcid.org",
    "google": "https://accounts.google.com",
    "github": "https://github.com",
}


def sign_in_providers(keys: dict[str, str]) -> dict[str, dict]:
    """allauth's provider settings for those providers whose client id and secret are both given."""
    found = {}
    for name, options in _OPTIONS.items():
        client_id, secret = keys.get(f"{name.upper()}_CLIENT_ID", ""), keys.get(f"{name.upper()}_SECRET", "")
        if client_id and secret:
            found[name] = {**options, "APPS": [{"client_id": client_id, "secret": secret, "key": ""}]}
    return found


def sign_in_origins(providers: dict[str, dict]) -> list[str]:
    """Where the browser is sent to sign in, for the content security policy."""
    return [_ORIGINS[name] for name in providers]

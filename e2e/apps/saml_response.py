"""Reads a SAML answer as a Python application does (python3-saml, which verifies and decrypts with xmlsec).

The settings and the answer come as JSON on standard input; what was read goes as JSON to standard output.
"""

import json
import sys

from onelogin.saml2.response import OneLogin_Saml2_Response
from onelogin.saml2.settings import OneLogin_Saml2_Settings

given = json.load(sys.stdin)
settings = OneLogin_Saml2_Settings(given["settings"])
response = OneLogin_Saml2_Response(settings, given["response"])
is_valid = response.is_valid(given["request"], given["requestId"])
json.dump(
    {
        "isValid": is_valid,
        "error": response.get_error(),
        "nameId": response.get_nameid() if is_valid else None,
        "attributes": response.get_attributes() if is_valid else None,
        "sessionIndex": response.get_session_index() if is_valid else None,
    },
    sys.stdout,
)

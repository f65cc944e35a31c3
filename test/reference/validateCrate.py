"""Validates a crate of `lungnb run --crate FOLDER` against the profile Workflow Run Crate, without a network.

    pip install roc-validator==0.13.0 rocrate
    python validateCrate.py FOLDER

The context of RO-Crate 1.1 is read from the package `rocrate`, where the validator would fetch it. Prints each issue;
the exit code is 0 when there is none.
"""

import io
import sys
import urllib.request
import urllib.response
from email.message import Message
from importlib.resources import files

import requests

# The package has the context of 1.3, where Bioschemas' terms have moved.
CONTEXT = (
    (files("rocrate") / "data" / "ro-crate.jsonld").read_bytes().replace(b"bioschemas.org/terms/", b"bioschemas.org/")
)


def open_context(request, *_, **__):
    url = getattr(request, "full_url", request)
    headers = Message()
    headers["Content-Type"] = "application/ld+json"
    return urllib.response.addinfourl(io.BytesIO(CONTEXT), headers, url, 200)


def get_context(*_, **__):
    response = requests.Response()
    response.status_code = 200
    response._content = CONTEXT
    response.headers["Content-Type"] = "application/ld+json"
    return response


urllib.request.urlopen = open_context
requests.Session.request = get_context

from rocrate_validator import services  # noqa: E402
from rocrate_validator.models import Severity, ValidationSettings  # noqa: E402

result = services.validate(
    ValidationSettings(
        rocrate_uri=sys.argv[1],
        profile_identifier="workflow-run-crate",
        requirement_severity=Severity.RECOMMENDED,
        disable_remote_crate_download=True,
    )
)
issues = result.get_issues()
for issue in issues:
    print(f"{issue.severity.name}  {issue.check.name}: {issue.message}")
print(f"{len(issues)} issues")
sys.exit(1 if issues else 0)

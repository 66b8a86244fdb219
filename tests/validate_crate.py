"""Hold a folder against RO-Crate 1.2 by the format's own validator, without a network.

Runs in the environment of tools: `python validate_crate.py FOLDER CONTEXT`. Prints how many checks
it made, and what the validator demands or recommends besides.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from unittest import mock

import requests
from requests.adapters import BaseAdapter
from rocrate_validator import services
from rocrate_validator.models import Severity, ValidationSettings

CONTEXT = "https://w3id.org/ro/crate/1.2/context"


class Offline(BaseAdapter):
    """Answers with the one document that the validator needs, and knows no other."""

    def __init__(self, context: bytes) -> None:
        super().__init__()
        self.context = context

    def send(
        self, request: requests.PreparedRequest, *_: object, **__: object
    ) -> requests.Response:
        """Answer a request for the context; any other fails as without a network."""
        if request.url != CONTEXT:
            raise requests.ConnectionError(f"no network here: {request.url}")
        response = requests.Response()
        response.status_code = 200
        response.url = CONTEXT
        response.request = request
        response.headers["Content-Type"] = "application/ld+json"
        response._content = self.context
        return response

    def close(self) -> None:
        """Hold nothing open."""


def validate(folder: Path, context: Path) -> dict[str, object]:
    """Return the number of checks made and all issues, recommendations included."""
    settings = ValidationSettings(
        rocrate_uri=str(folder),
        profile_identifier="ro-crate-1.2",
        requirement_severity=Severity.RECOMMENDED,
        no_cache=True,
    )
    offline = Offline(context.read_bytes())
    with mock.patch.object(requests.Session, "get_adapter", lambda *_, **__: offline):
        result = services.validate(settings)
    issues = [
        (issue.severity.name, issue.message, issue.violatingEntity)
        for issue in result.get_issues(Severity.RECOMMENDED)
    ]
    return {"checks": len(result.executed_checks), "issues": issues}


if __name__ == "__main__":
    print(json.dumps(validate(*map(Path, sys.argv[1:]))))

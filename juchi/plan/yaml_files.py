"""YAML files: the configuration and the words of a language."""

from __future__ import annotations

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from juchi.core.encodings import not_utf8
from juchi.core.errors import UserError
from juchi.plan.yaml_faults import yaml_fault

__all__ = ["read_yaml"]


# What ends a line or a field in one of the formats that words go into, or may not stand in XML.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")

# The tag of the key ``<<``, which takes over what another mapping has.
_MERGE = "tag:yaml.org,2002:merge"


class _Loader(yaml.CSafeLoader):
    r"""The safe loader of libyaml, but a key given twice, or one that is no text, is an error.

    Otherwise one of the two would be lost, and the language ``no`` be the key ``False``. So is a
    control character, which only an escape such as ``"\r"`` can bring in. A date stays the text
    that it is.
    """

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> Any:  # noqa: ANN401
        text = super().construct_scalar(node)
        if found := _CONTROL.search(text):
            raise yaml.constructor.ConstructorError(
                None, None, f"the control character {found[0]!r} in a text", node.start_mark
            )
        return text

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key_node, _ in node.value:
            if key_node.tag == _MERGE:
                continue
            key = self.construct_object(key_node, deep=True)
            fault = "stands twice" if isinstance(key, str) else "is no text: put it in quotes"
            if isinstance(key, str) and "\n" in key:
                fault = "has a line break"
            if not isinstance(key, str) or key in seen or "\n" in key:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} {fault}", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(path: Path, missing: Any = None) -> Any:  # noqa: ANN401 - any YAML value
    """Read a YAML file; one that is missing or no YAML is a `UserError` with the line.

    Where `missing` is given, a file that is not there holds that.
    """
    if missing is not None and not path.exists():
        return missing
    text = ""
    try:
        text = path.read_text(encoding="utf-8")
        return yaml.load(text, Loader=_Loader)
    except OSError as error:
        raise UserError(
            str(path), error.strerror or str(error), "a YAML file", f"restore {path}"
        ) from error
    except (yaml.scanner.ScannerError, yaml.parser.ParserError) as error:
        raise yaml_fault(path, text, error) from error
    except UnicodeDecodeError as error:
        raise not_utf8(path, error, "valid YAML in UTF-8") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"{path}:{mark.line + 1}" if mark else str(path)
        found = getattr(error, "problem", None) or str(error)
        raise UserError(where, found, "valid YAML in UTF-8", "fix the file at that line") from error

"""What rules are written with: the code that they run, their sources, and their command lines.

A rule that runs a module states each path that it reads or writes once::

    rule facts:
        input:
            code("juchi.results.facts"),
            settings=setting("fact_settings"),
        output:
            "results/facts.json",
        params:
            **call("juchi.results.facts"),
        shell:
            "{params.command}"

Its command line is ``python -m juchi.results.facts --settings build/settings/fact_settings.json
--output results/facts.json``: an option for each input that has a name, each further option of
`call`, and each output. A line that ``snakemake -p`` prints can be pasted and run.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from juchi.core import environment
from juchi.core.errors import UserError, nearest
from juchi.core.memoize import memoize
from juchi.plan.figures import picture_of
from juchi.plan.plan import Plan
from juchi.runtime.hooks import Invocation, as_ageless, as_source, as_workflow_error
from juchi.runtime.jobs import Job, R, r_version, trace
from juchi.runtime.undeclared import require_declared

__all__ = ["Declarations"]

# A value of a command line, or what gives it for a job.
Option = Any
_WILDCARD = re.compile(r"\{(\w+)\}")


class Declarations:
    """The helpers of one reading of the Snakefile.

    Parameters
    ----------
    plan
        The article's plan.
    invocation
        How Snakemake was called, and the rules as far as they have been read.
    """

    def __init__(self, plan: Plan, invocation: Invocation) -> None:
        self._plan, self._invocation = plan, invocation
        self._environment = environment.digest()
        self._modules: dict[str, list[str]] = {}
        self._followed: set[str] = set()
        self._traced: dict[str, list[Job]] | None = None

    def code(self, module: str) -> Any:  # noqa: ANN401 - paths with Snakemake's mark
        """Return a module's files as inputs whose age does not matter: `digest` sees changes."""
        files = self._modules[module] = as_workflow_error(self._plan.code, module)
        return as_ageless(files)

    @cache  # noqa: B019 - there is one of these in a build, and it lives as long
    def digest(self, module: str) -> str:
        """Return what changes when the code of a module or of its imports does.

        And when it would run in another environment, as on another kind of processor.
        """
        return f"{as_workflow_error(self._plan.digest, module)} {self._environment}"

    def source(self, paths: str | list[str]) -> Any:  # noqa: ANN401 - paths with Snakemake's marks
        """Return files that no rule makes as inputs whose age does not matter: see `call`.

        One that is missing is refused here. Snakemake would take what was once made of it as it is.
        """
        as_workflow_error(self._plan.require, [paths] if isinstance(paths, str) else paths)
        return as_source(paths)

    def contents(self, rule: str) -> Callable[[Mapping[str, str]], str]:
        """Return a parameter that changes when what is in a rule's sources does.

        A function of the wildcards alone: Snakemake keeps no account of one that is given the
        inputs.
        """
        self._followed.add(rule)
        return lambda wildcards: self._plan.contents(
            self._invocation.sources_of(rule, dict(wildcards.items()))
        )

    def call(
        self,
        module: str | Callable[[Any], str],
        *,
        sources_of: str | None = None,
        **options: Option,
    ) -> dict[str, Any]:
        """Return the parameters of a rule that runs a module: see the head of this module.

        Parameters
        ----------
        module
            Its dotted name, or a function of the wildcards that gives it.
        sources_of
            The rule itself, where it has sources: it runs again when their contents change.
        options
            Further options of the command: values, lists, or functions of the wildcards. In a text
            ``{language}`` stands for the wildcard of that name. One named ``output`` takes the
            place of the outputs.
        """
        code = (
            (lambda wildcards: self.digest(module(wildcards)))
            if callable(module)
            else self.digest(module)
        )

        def command(wildcards: Any, input: Any, output: Any) -> str:  # noqa: ANN401
            given = {name: _given(value, wildcards) for name, value in options.items()}
            return command_line(_given(module, wildcards), input, given, output)

        # Snakemake tells by the options whether a job is up to date, and by its inputs; it does
        # not by a parameter that is made of both.
        parameters = {"code": code, **options, "command": command}
        return parameters | ({"sources": self.contents(sources_of)} if sources_of else {})

    def require_followed(self) -> None:
        """Refuse a rule with sources that would not run again when they change; all have been read.

        Their age does not matter, and so Snakemake alone would not notice.
        """
        rules = self._invocation.with_sources()
        for name, place in rules.items():
            if name not in self._followed:
                raise UserError(
                    place,
                    f"the rule {name} reads a `source(…)` and does not follow its contents",
                    f'params: sources=DECLARED.contents("{name}")',
                    "add this to the rule: else it would not run again when the file changes",
                )
        if unknown := sorted(self._followed - set(self._invocation.rules)):
            raise UserError(
                f'Snakefile: DECLARED.contents("{unknown[0]}")',
                f"no rule named {unknown[0]}",
                "the name of the rule that it stands in",
                nearest(unknown[0], self._invocation.rules),
            )

    def require_declared(self) -> None:
        """Refuse a rule of the article's own that reads what it does not declare; see there."""
        require_declared(self._invocation.own_rules(), self._invocation.makes)

    def require_makers(self) -> None:
        """Refuse a fact, a picture or a table that no rule makes; all rules have been read."""
        facts = self._plan.facts
        for table, file in self._plan.article["table_files"].items():
            if file.startswith("results/") and not self._invocation.makes(file):
                raise UserError(
                    f"config/article.yaml: tables.{table}.data",
                    f"{file}, which no rule makes",
                    "a table that a rule of the Snakefile writes under results/",
                    "correct the name, or write the rule; a file of the article stands elsewhere",
                )
        for file in facts.files:
            if not self._invocation.makes(file):
                taken = facts.specification.items()
                name = next(name for name, fact in taken if fact.get("file") == file)
                raise UserError(
                    f"config/facts.yaml: {facts.places[name]}.file",
                    f"{file}, which no rule makes",
                    "a table or a record that a rule of the Snakefile writes under results/",
                    "correct the name, or write the rule",
                )

        for name, figure in self._plan.article["figures"].items():
            self._require_picture(name, figure)

    def _require_picture(self, name: str, figure: Mapping[str, Any]) -> None:
        for language in self._plan.languages if figure["picture"] else []:
            for theme in figure["themes"]:
                file = picture_of(figure, language, theme)
                if not self._invocation.makes(file):
                    raise UserError(
                        f"config/article.yaml: figures.{name}.picture",
                        f"{file}, which no rule makes",
                        "a picture that a rule of the Snakefile writes",
                        "correct the name, or write the rule",
                    )

    def traced(self) -> dict[str, list[Job]]:
        """Return the jobs behind every number and figure, from the rules; by rule, in order."""
        if self._traced is None:
            rules = b"".join(path.read_bytes() for path in self._invocation.rule_files())
            modules = [self.digest("juchi.plan.plan"), self.digest("juchi.runtime.jobs")]
            plan = self._plan
            settings = [plan.settings, plan.font_files(), self._modules, modules]
            r = r_version() if R.encode() in rules else ""
            # Nothing but the rules, the settings, the modules and the version of R matters.
            self._traced = memoize(lambda: self._trace(r), "jobs", rules, repr([*settings, r]))
        return self._traced

    def _trace(self, r: str) -> dict[str, list[Job]]:
        language = self._plan.languages[0]
        ends = ["results/claims.json", *self._plan.figure_files(language, themes=["light"])]
        ends += self._plan.table_results()
        by_rule: dict[str, list[Job]] = {}
        for job in trace(self._invocation.maker, ends, r):
            by_rule.setdefault(job["rule"], []).append(job)
        return by_rule


def command_line(
    module: str,
    inputs: Any,  # noqa: ANN401 - Snakemake's lists of files, with names
    options: Mapping[str, Option],
    outputs: Any,  # noqa: ANN401
) -> str:
    """Return the command line of a job, each word quoted where the shell needs it."""
    words = ["python", "-m", module]
    made = dict(outputs.items()) or {"output": list(outputs)}
    for name, value in {**dict(inputs.items()), **made, **options}.items():
        values = value if isinstance(value, list | tuple) else [value]
        words += [f"--{name}", *map(str, values)]
    return shlex.join(words)


def _given(value: Option, wildcards: Any) -> Any:  # noqa: ANN401 - Snakemake's wildcards
    """Return the value of an option in the job of some wildcards."""
    if callable(value):
        return value(wildcards)
    if isinstance(value, str):
        return _WILDCARD.sub(lambda match: wildcards.get(match[1]), value)
    return value

"""Where every number, figure, table and claim comes from: its data, rules, settings and commit.

All of it is derived: from the facts and what declares them, from the settings, and from the jobs
that the Snakefile declares. Files of data are named as they are published, rules and command lines
as Snakemake runs them, settings by their keys in `config/`.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from juchi.core.errors import run_command
from juchi.core.records import read_json, write_json
from juchi.exhibits.tables import quoted_facts
from juchi.plan.plan import is_fact
from juchi.results.evaluation import Evaluation, read_evaluations
from juchi.results.expressions import names
from juchi.results.facts import Fact, matching, read_facts
from juchi.results.layout import configuration_of, published

__all__ = ["Sources", "main", "provenance"]

Entry = dict[str, Any]


@dataclass(frozen=True)
class Sources:
    """Everything that entries are made from.

    Attributes
    ----------
    facts, evaluations
        The facts and the evaluations on the claims, by name.
    article, configuration
        The article's settings; those of the experiments, with where they are declared.
    specification, places
        How each fact is taken, and under which key of `config/facts.yaml` it is declared.
    jobs
        The jobs that the Snakefile declares, see `juchi.runtime.jobs.Job`.
    """

    facts: Mapping[str, Fact]
    evaluations: Mapping[str, Evaluation]
    article: Mapping[str, Any]
    configuration: Mapping[str, Any]
    specification: Mapping[str, Mapping[str, Any]]
    places: Mapping[str, str]
    jobs: list[Mapping[str, Any]]

    def job(self, rule: str, **wildcards: str) -> Mapping[str, Any]:
        """Return the run of a rule that has these wildcards."""
        return next(
            job for job in self.jobs if job["rule"] == rule and job["wildcards"] == wildcards
        )

    def chain(
        self, files: Iterable[str], experiments: Iterable[str] | None
    ) -> Iterator[Mapping[str, Any]]:
        """Yield the jobs behind some files, the last first.

        Where many experiments flow together, only the jobs of those named are followed; of all,
        if None are.
        """
        followed = None if experiments is None else {*experiments, None}
        producers = {file: job for job in self.jobs for file in job["outputs"]}
        waiting, seen = list(files), set()
        while waiting:
            job = producers.get(waiting.pop(0))
            if job is None or job["outputs"][0] in seen:
                continue
            seen.add(job["outputs"][0])
            if followed is None or self.experiment(job) in followed:
                yield job
                waiting += [file for files in job["inputs"].values() for file in files]

    def experiment(self, job: Mapping[str, Any]) -> str | None:
        """Return the experiment that a job carries out; None for a job about many or none."""
        known = self.configuration["experiments"]
        return next((value for value in job["wildcards"].values() if value in known), None)


def provenance(sources: Sources, revision: Mapping[str, Any]) -> Entry:
    """Return an entry for each fact, figure, table, claim, experiment and rule, as JSON has it."""
    facts = _facts(sources)
    claims = {name: _claim(evaluation, facts) for name, evaluation in sources.evaluations.items()}
    article = sources.article
    return {
        "version": article["version"],
        **revision,
        "preset": sources.configuration["preset"],
        "facts": facts,
        "figures": {name: _figure(name, sources, facts) for name in article["figures"]},
        "tables": {name: _table(name, sources, facts, claims) for name in article["tables"]},
        "claims": claims,
        "experiments": {name: _experiment(name, sources) for name in _carried_out(sources)},
        "rules": _rules(sources),
    }


def _experiments(sources: Sources) -> Mapping[str, Any]:
    experiments: Mapping[str, Any] = sources.configuration["experiments"]
    return experiments


def _carried_out(sources: Sources) -> list[str]:
    """Return the configurations and analyses that something is drawn from."""
    jobs = {sources.experiment(job) for job in sources.jobs}
    return [name for name in _experiments(sources) if name in jobs]


def _facts(sources: Sources) -> dict[str, Entry]:
    """Return the entries of the facts; an expression comes from where its parts do."""
    entries: dict[str, Entry] = {}

    def entry(name: str) -> Entry:
        if name not in entries:
            taken = sources.specification[name]
            if "expression" in taken:
                parts = {part: entry(part) for part in names(taken["expression"])}
                entries[name] = _made(name, taken["expression"], parts, sources)
            else:
                entries[name] = _fact(name, taken, sources)
        return entries[name]

    return {name: entry(name) for name in sources.specification}


def _fact(name: str, entry: Mapping[str, Any], sources: Sources) -> Entry:
    files = [entry["file"]] if "file" in entry else []
    about = _about(entry, sources)
    jobs = [sources.job("facts"), *sources.chain(files, about)]
    return _entry(name, sources) | {
        "taken": _taken(entry, sources.facts[name].omitted),
        "data": [f"data/{published(file)}" for file in files] or ["data/configuration.json"],
        "rules": _unique(job["rule"] for job in jobs),
        "experiments": about,
        "configuration": _keys(entry, about, sources),
    }


def _entry(name: str, sources: Sources) -> Entry:
    """Return what all facts have: the value itself, and where the fact is declared."""
    fact = asdict(sources.facts[name])
    return {**fact, "declared": f"config/facts.yaml: {sources.places[name]}"}


def _made(name: str, expression: str, parts: Mapping[str, Entry], sources: Sources) -> Entry:
    """Return the entry of a fact that is made of others."""
    united = {
        key: _unique(value for part in parts.values() for value in part[key])
        for key in ("data", "rules", "experiments", "configuration")
    }
    taken = {"expression": expression, "parts": list(parts)}
    return _entry(name, sources) | {"taken": taken} | united


def _about(entry: Mapping[str, Any], sources: Sources) -> list[str]:
    """Return the configurations and analyses that a fact is about."""
    about, known = entry.get("of", ""), _experiments(sources)
    return [about, *known[about]["reads"]] if about in known else []


def _taken(entry: Mapping[str, Any], omitted: int) -> Entry:
    """Return which rows and column of the data give a fact, and by which statistic.

    Rows that were left out since they have no number are counted.
    """
    if "setting" in entry:
        return {"setting": entry["setting"]}
    configuration = configuration_of(entry["file"])
    rows = {"configuration": configuration} if configuration else {}
    if "column" in entry:
        rows |= entry.get("where", {})
        at = {"at": f"{entry['at']:g}"} if "at" in entry else {}
        taken = {"rows": rows, "column": entry["column"], "statistic": entry["statistic"], **at}
        return {**taken, "omitted": omitted} if omitted else taken
    return {"rows": {**rows, "name": entry["key"]}, "column": "value"}


def _keys(entry: Mapping[str, Any], about: Iterable[str], sources: Sources) -> list[str]:
    """Return the keys of the configuration that a fact rests on."""
    setting, experiments = entry.get("setting"), _experiments(sources)
    if setting and entry["of"] == "threshold":
        return [f"config/thresholds.yaml: {setting}"]
    if setting and entry["of"] == "facts":
        return [f"config/facts.yaml: {setting}"]
    if setting:
        place = experiments[entry["of"]]["places"].get(setting, "experiments")
        return [f"config/experiments.yaml: {place}.{setting}"]
    return [f"config/experiments.yaml: {experiments[name]['declared']}" for name in about]


def _figure(name: str, sources: Sources, facts: Mapping[str, Entry]) -> Entry:
    """Return the entry of a figure: what it draws, and the facts that it marks."""
    figure = sources.article["figures"][name]
    if figure["picture"]:
        return _picture(name, figure["picture"], sources)
    drawn = figure["draws"]
    patterns = [pattern for pattern in drawn if is_fact(pattern)]
    marked = matching(facts, patterns)
    job = sources.job("figure", figure=name)
    jobs = [job, *sources.chain(job["inputs"]["tables"], None)]
    return {
        "data": [f"data/{file}" for file in sources.article["drawn_from"][name]],
        "facts": marked,
        "code": f"report/figures/{name}.py",
        "rules": _unique(job["rule"] for job in jobs),
        "experiments": _unique(filter(None, map(sources.experiment, jobs))),
        "declared": f"config/article.yaml: figures.{name}",
        "command": job["command"],
    }


def _picture(name: str, picture: str, sources: Sources) -> Entry:
    """Return the entry of a figure that a rule of the article makes: its file and the rules."""
    shown = next(
        job
        for job in sources.jobs
        if name in (job["wildcards"].get("pictured"), job["wildcards"].get("charted"))
    )
    jobs = list(sources.chain(shown["outputs"], None))
    return {
        "data": [],
        "facts": [],
        "picture": picture,
        "scripts": _code(jobs[1]),
        "rules": _unique(job["rule"] for job in jobs),
        "experiments": _unique(filter(None, map(sources.experiment, jobs))),
        "declared": f"config/article.yaml: figures.{name}",
        "command": jobs[1]["command"],
    }


def _table(
    name: str, sources: Sources, facts: Mapping[str, Entry], claims: Mapping[str, Entry]
) -> Entry:
    """Return the entry of a table; one that quotes no fact of its own prints those of claims."""
    if name in sources.article["table_files"]:
        return _data_table(name, sources)
    tables = {name: sources.article["tables"][name]}
    quoted = quoted_facts({**sources.article, "tables": tables}, facts)
    shown = [fact for fact in facts if fact in quoted]
    shown = shown or _unique(fact for entry in claims.values() for fact in entry["facts"])
    return {
        "facts": shown,
        "code": f"report/tables/{name}.py",
        "declared": f"config/article.yaml: tables.{name}",
        **_united(shown, facts),
    }


def _data_table(name: str, sources: Sources) -> Entry:
    """Return the entry of a table that is made from a file: which rows and columns it shows."""
    file, settings = sources.article["table_files"][name], sources.article["tables"][name]
    jobs = list(sources.chain([file], None))
    configuration = configuration_of(file)
    rows = {"configuration": configuration} if configuration else {}
    return {
        "facts": [],
        "taken": {
            "rows": rows | settings["where"],
            "sort": settings["sort"],
            "first": settings.get("first"),
            "columns": [entry["column"] for entry in settings["columns"]],
        },
        "data": [f"data/{published(file)}"],
        "code": "juchi/exhibits/data_tables.py",
        "declared": f"config/article.yaml: tables.{name}",
        "rules": _unique(job["rule"] for job in jobs),
        "experiments": _unique(filter(None, map(sources.experiment, jobs))),
    }


def _claim(evaluation: Evaluation, facts: Mapping[str, Entry]) -> Entry:
    united = _united(evaluation.facts, facts)
    united["rules"] = ["claims", *united["rules"]]
    return {**asdict(evaluation), "code": "report/claims.py", **united}


def _united(members: Iterable[str], facts: Mapping[str, Entry]) -> Entry:
    members = list(members)
    return {
        key: _unique(value for name in members for value in facts[name][key])
        for key in ("data", "rules", "experiments")
    }


def _experiment(name: str, sources: Sources) -> Entry:
    """Return the entry of an experiment: its settings, and the job that carries it out."""
    entry = _experiments(sources)[name]
    job = next(job for job in sources.jobs if sources.experiment(job) == name)
    return {
        **entry,
        "rule": job["rule"],
        "code": _file(job["module"]),
        "outputs": job["outputs"],
        "command": job["command"],
    }


def _rules(sources: Sources) -> dict[str, Entry]:
    """Return each rule with its runs; those of the last steps come first."""
    rules: dict[str, Entry] = {}
    for job in sources.jobs:
        rule = rules.setdefault(job["rule"], {"code": [], "programs": [], "runs": []})
        rule["code"] = _unique([*rule["code"], *_code(job)])
        rule["programs"] = _unique([*rule["programs"], *job["programs"]])
        run = {key: job[key] for key in ("wildcards", "inputs", "outputs", "command")}
        rule["runs"].append(run)
    return rules


def _code(job: Mapping[str, Any]) -> list[str]:
    """Return the files with the code that a job carries out: a module, or scripts."""
    return [_file(job["module"])] if job["module"] else list(job["scripts"])


def _file(module: str) -> str:
    return f"{module.replace('.', '/')}.py"


def _unique(values: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(values))


def main() -> None:
    """Write down the provenance of what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    inputs = ("facts", "claims", "article", "configuration", "specification", "places", "revision")
    for name in (*inputs, "output"):
        parser.add_argument(f"--{name}", required=True, type=Path)
    parser.add_argument("--jobs", required=True, type=Path, nargs="+")
    arguments = parser.parse_args()
    facts = read_facts(arguments.facts)
    sources = Sources(
        facts=facts,
        evaluations=read_evaluations(arguments.claims, facts),
        article=read_json(arguments.article),
        configuration=read_json(arguments.configuration),
        specification=read_json(arguments.specification),
        places=read_json(arguments.places),
        jobs=[job for path in arguments.jobs for job in read_json(path)],
    )
    write_json(arguments.output, provenance(sources, read_json(arguments.revision)))


if __name__ == "__main__":
    run_command(main)

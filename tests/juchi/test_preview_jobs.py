"""The jobs as Snakemake states them, and the process that runs them warm."""

from __future__ import annotations

from pathlib import Path
from threading import Timer

import pytest

from juchi.core.errors import UserError
from juchi.preview.jobs import Job, Plan, as_user_error, read_plan
from juchi.preview.preview import saved_files
from juchi.preview.rebuild import Rebuild, Stopped
from tests.project import SMOKE


def job(inputs: str, outputs: str, command: str = "true") -> Job:
    return Job(frozenset(inputs.split()), tuple(outputs.split()), command)


PLAN = Plan(
    [
        job("prose twin", "checked"),
        job("prose checked", "composed"),
        job("composed", "page"),
        job("twin checked", "composed2"),
        job("results", "figure"),
    ],
    {},
)


def test_what_follows_from_a_file_is_found_in_order() -> None:
    outputs = [each.outputs[0] for each in PLAN.following({"prose"})]
    assert outputs == ["checked", "composed", "page", "composed2"]
    assert PLAN.following({"figure"}) == []


def test_what_leads_to_a_file_is_found_in_order() -> None:
    assert [each.outputs[0] for each in PLAN.leading_to(["page"])] == [
        "checked",
        "composed",
        "page",
    ]


def test_sources_are_what_no_job_makes() -> None:
    assert PLAN.sources == {"prose", "twin", "results"}


def test_a_command_of_python_gives_its_module_and_words() -> None:
    assert job("", "", "python -m juchi.html.page --page 'a b'").module == (
        "juchi.html.page",
        ["--page", "a b"],
    )
    assert job("", "", "cp a b && mv b c").module is None


@pytest.fixture(scope="module")
def stated() -> Plan:
    """Give the plan of this project, from Snakemake itself."""
    return read_plan(SMOKE)


def test_snakemake_states_every_job_with_its_command(stated: Plan) -> None:
    made = {file for each in stated.jobs for file in each.outputs}
    assert {
        "build/web/en/index.html",
        "build/web/zh/index.html",
        "build/published.json",
    } <= made
    assert "templates/en/introduction.md" in stated.sources
    (page,) = [each for each in stated.jobs if "build/web/en/index.html" in each.outputs]
    assert page.module is not None
    assert page.module[0] == "juchi.html.page"
    assert stated.environment["PYTHONHASHSEED"] == "0"


def test_a_job_stands_after_those_that_it_reads_from(stated: Plan) -> None:
    seen = set(stated.sources)
    for each in stated.jobs:
        assert each.inputs <= seen
        seen.update(each.outputs)


def test_a_mistake_in_the_settings_is_told_in_its_own_words() -> None:
    with pytest.raises(UserError, match="an unknown key 'nothing'") as caught:
        read_plan(["--config", "nothing=1"])
    assert str(caught.value).startswith("error: the overlay: nothing\n")
    assert "Traceback" not in str(caught.value)


def test_the_last_message_for_a_user_is_found_among_other_words() -> None:
    first = UserError("a", "b\n    more", "c", "d")
    last = UserError("e", "f", "g", "run a line:\n              one\n              two")
    said = f"Building DAG\n{first}\nRuleException: x\n\n{last}\nComplete log: y\n"
    assert str(as_user_error(said)) == str(last)
    assert str(as_user_error(f"noise\n{first}")) == str(first)


def test_other_failures_give_their_last_words() -> None:
    assert "ValueError: no" in str(as_user_error("Traceback\n  line\nValueError: no\n"))


# --- the quick way to the screen, with made-up jobs ---


@pytest.fixture
def rebuild(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Rebuild:
    """Give a rebuild in an empty folder whose jobs append a line to the file `ran`."""
    monkeypatch.chdir(tmp_path)
    for folder in ("templates", "build/web/en"):
        Path(folder).mkdir(parents=True)
    for name in ("a", "b"):
        Path("templates", name).write_text(name)
    page = "build/web/en/index.html"
    plan = Plan(
        [
            job("templates/a templates/b", "checked", "echo check >> ran; echo fine > checked"),
            job("templates/a checked", "composed", "echo compose >> ran; cp templates/a composed"),
            job("composed", page, f"echo page >> ran; cp composed {page}"),
            job("templates/a", "build/web/a.svg", "echo figure >> ran"),
        ],
        {},
    )
    built = Rebuild(2, [], lambda: True)
    monkeypatch.setattr(built, "_plan", plan)
    return built


def ran() -> list[str]:
    """Return the jobs that ran since the last question."""
    lines = Path("ran").read_text().splitlines()
    Path("ran").unlink()
    return lines


def test_what_comes_out_as_it_was_leads_to_nothing(rebuild: Rebuild) -> None:
    shown: list[set[str]] = []
    rebuild.pages({"templates/a"}, shown.append)
    assert ran() == ["check", "compose", "page"]
    assert shown == [{"checked"}, {"composed"}, {"build/web/en/index.html"}]
    # Only checked, and to the same end: nothing of the page can have changed.
    rebuild.pages({"templates/b"}, shown.append)
    assert ran() == ["check"]
    assert shown[3:] == [set()]


def test_a_failed_job_stops_the_way_to_the_page(
    rebuild: Rebuild, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = str(UserError("templates/a:1", "b", "c", "d"))
    failing = job("templates/a", "checked", f"echo '{message}' >&2; exit 1")
    after = job("checked templates/a", "build/web/en/index.html", "echo page >> ran")
    monkeypatch.setattr(rebuild, "_plan", Plan([failing, after], {}))
    with pytest.raises(UserError, match="templates/a:1"):
        rebuild.pages({"templates/a"}, print)
    assert not Path("ran").exists()


@pytest.mark.parametrize(
    ("file", "concerned", "quick"),
    [
        ("templates/a", True, True),
        ("templates/new.md", False, True),
        ("juchi/html/page.py", True, False),
        ("config/article.yaml", True, False),
        ("Snakefile", True, False),
    ],
)
def test_code_and_settings_are_left_to_snakemake(
    rebuild: Rebuild, file: str, concerned: bool, quick: bool
) -> None:
    for made in ("checked", "composed", "build/web/en/index.html"):
        Path(made).touch()
    assert rebuild.concerned([file]) == ({file} if concerned else set())
    assert rebuild.is_quick([file]) is quick


@pytest.mark.parametrize("gone", ["checked", "composed", "build/web/en/index.html"])
def test_what_is_gone_is_left_to_snakemake(rebuild: Rebuild, gone: str) -> None:
    """As after `make clean` while the preview runs."""
    rebuild.pages({"templates/a"}, print)
    assert rebuild.is_quick(["templates/a"])
    Path(gone).unlink()
    assert not rebuild.is_quick(["templates/a"])


def test_a_snakemake_that_is_late_stops_at_once(rebuild: Rebuild) -> None:
    Path("Snakefile").write_text('rule all:\n    output: "x"\n    shell: "sleep 60; touch x"\n')
    with pytest.raises(Stopped):
        rebuild.everything()
    rebuild.close()
    assert not Path("x").exists()


def test_an_article_without_a_folder_of_the_generator_is_watched(tmp_path: Path) -> None:
    """As one from the wheel is; folders of its own may be missing as well."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "Snakefile").touch()
    save = Timer(1.0, (tmp_path / "templates/a.md").write_text, ["a"])
    save.start()
    assert next(saved_files(tmp_path)) == {"templates/a.md"}
    save.join()

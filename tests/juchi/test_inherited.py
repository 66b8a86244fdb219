"""What jobs, set-up steps and Git inherit: what decides a result is fixed, all else is left out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from juchi.core import environment
from tests.project import ROOT, Project

# Of each family some that would change what is built, or keep it from being built.
HOSTILE = [
    *("PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONWARNINGS", "PYTHONOPTIMIZE"),
    *("PYTHONINSPECT", "PYTHONSAFEPATH", "PYTHONUSERBASE", "PYTHONBREAKPOINT", "PYTHONIOENCODING"),
    *("NODE_OPTIONS", "NODE_PATH", "NODE_ENV", "npm_config_prefix", "PIP_USER"),
    *("MATPLOTLIBRC", "FONTCONFIG_PATH", "SOURCE_DATE_EPOCH", "LANGUAGE", "LANG", "LC_NUMERIC"),
    *("BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS", "CDPATH", "GREP_OPTIONS", "POSIXLY_CORRECT"),
    *("BASH_FUNC_python%%", "IFS", "GIT_DIR", "GIT_INDEX_FILE", "GIT_CONFIG_COUNT"),
    *("OMP_SCHEDULE", "KMP_AFFINITY", "MKL_DYNAMIC", "GOTO_NUM_THREADS", "TORCH_LOGS"),
    *("PYTORCH_CUDA_ALLOC_CONF", "ONEDNN_DEFAULT_FPMATH_MODE", "NVIDIA_TF32_OVERRIDE"),
    *("NUMPY_EXPERIMENTAL_ARRAY_FUNCTION", "SCIPY_ARRAY_API", "JUCHI_UNKNOWN", "ANYTHING"),
]
# With one of Python's own, Python itself would not start as the test wants.
NO_PYTHON = [name for name in HOSTILE if not name.startswith("PYTHON")]
FIXED = {
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
    "PYTHONNOUSERSITE": "1",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
}
KEPT = {
    "HOME": "/home/user",
    "TMPDIR": "/scratch",
    "LD_LIBRARY_PATH": "/opt/lib",
    "CUDA_VISIBLE_DEVICES": "1",
    "SLURM_JOB_ID": "7",
    "SNAKEMAKE_OUTPUT_CACHE": "/cache",
    "OPENBLAS_CORETYPE": "Haswell",
    "https_proxy": "http://proxy.example.org",
}


def test_jobs_inherit_what_is_named_and_nothing_else(tmp_path: Path) -> None:
    inherited = {**dict.fromkeys([*HOSTILE, *FIXED], "hostile"), **KEPT, "PATH": "/usr/bin"}
    jobs = environment.for_jobs(tmp_path, inherited)
    assert "hostile" not in jobs.values()
    assert FIXED.items() <= jobs.items()
    assert KEPT.items() <= jobs.items()
    # This Python's programs come first.
    assert jobs["PATH"] == f"{Path(sys.executable).parent}:/usr/bin"
    # A second time, as for a job of a cluster, nothing changes.
    assert environment.for_jobs(tmp_path, jobs) == jobs


def test_jobs_have_what_they_need_where_nothing_is_set(tmp_path: Path) -> None:
    jobs = environment.for_jobs(tmp_path, {})
    command = ["bash", "-c", "command -v python"]
    found = subprocess.run(command, env=jobs, capture_output=True, text=True, check=True)
    assert Path(found.stdout.strip()).parent == Path(sys.executable).parent


def test_the_digest_tells_the_kind_of_processor_and_nothing_of_the_user() -> None:
    plain = environment.digest({})
    assert environment.digest(dict.fromkeys([*HOSTILE, *FIXED, "HOME", "PATH"], "1")) == plain
    digests = {environment.digest({name: "1"}) for name in environment.PROCESSOR}
    assert len({plain, *digests}) == len(environment.PROCESSOR) + 1
    assert environment.processor({"OPENBLAS_CORETYPE": "Haswell", "HOME": "/"}) == {
        "OPENBLAS_CORETYPE": "Haswell"
    }


def test_git_inherits_nothing_of_its_own() -> None:
    command = ["git", "rev-parse", "--local-env-vars"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    own = [*listed.stdout.split(), "GIT_CONFIG_KEY_0", "GIT_CEILING_DIRECTORIES", "GIT_EXEC_PATH"]
    assert len(own) > 10
    inherited = {**dict.fromkeys(own, "hostile"), "HOME": "/home/user", "LC_ALL": "zh_CN"}
    assert environment.for_git(inherited) == {"HOME": "/home/user", "LC_ALL": "C"}


# What a user needs to reach an index of packages, and where what was fetched is kept.
REACHED = {
    "HTTPS_PROXY": "http://proxy.example.org",
    "SSL_CERT_FILE": "/etc/certificates.pem",
    "NODE_EXTRA_CA_CERTS": "/etc/certificates.pem",
    "npm_config_registry": "https://packages.example.org",
    "NPM_CONFIG_CACHE": "/cache",
    "npm_config_//packages.example.org/:_authToken": "secret",
    "HOME": "/home/user",
    "DEBIAN_MIRROR": "https://debian.example.org",
}
INSTALLING_ELSEWHERE = [
    *("PYTHONPATH", "PYTHONHOME", "PYTHONUSERBASE", "NODE_ENV", "NODE_OPTIONS", "NODE_PATH"),
    *("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_REQUIRE_VIRTUALENV", "PIP_NO_DEPS"),
    *("PIP_CONSTRAINT", "PIP_ONLY_BINARY", "PIP_DRY_RUN", "PIP_CONFIG_FILE"),
    *("npm_config_production", "NPM_CONFIG_OMIT", "npm_config_prefix", "npm_config_only"),
    *("npm_lifecycle_event", "BASH_ENV", "GIT_DIR", "UV_PYTHON", "UV_EXCLUDE_NEWER"),
]


def test_setup_inherits_how_packages_are_reached_and_not_where_they_go() -> None:
    setup = environment.for_setup({**REACHED, **dict.fromkeys(INSTALLING_ELSEWHERE, "hostile")})
    assert "hostile" not in setup.values()
    assert REACHED.items() <= setup.items()
    # Stronger than what stands in a user's npmrc.
    assert setup["npm_config_global"] == setup["npm_config_dry_run"] == "false"


def run(*words: str, **changes: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={**os.environ, **changes},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_command_runs_in_the_environment_of_a_job() -> None:
    done = run("-m", "juchi.core.environment", "env", "-0", **dict.fromkeys(NO_PYTHON, "hostile"))
    seen = dict(entry.split("=", 1) for entry in done.stdout.split("\0") if entry)
    assert seen == environment.for_jobs(ROOT)
    assert "no program 'absent'" in run("-m", "juchi.core.environment", "absent").stderr
    assert "no command" in run("-m", "juchi.core.environment").stderr


REFUSES = """
import sys
from pathlib import Path
from juchi.core import environment
from juchi.core.errors import run_command
if sys.argv[1:]: __import__(sys.argv[1])
run_command(lambda: environment.refuse_foreign_modules(Path()))
import other
"""


def test_modules_from_elsewhere_are_refused_by_name_and_others_not_found(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "__init__.py").touch()
    (tmp_path / "single.py").touch()
    # The project's own folder and the environment's packages are no others.
    own = [str(ROOT), sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")]
    places = {"PYTHONPATH": os.pathsep.join([*own, str(tmp_path)])}
    for name in ("other", "single"):
        refused = run("-c", REFUSES, name, **places)
        assert refused.returncode == 1
        assert refused.stderr.startswith(f"error: {tmp_path}, which PYTHONPATH names")
        assert f"imported from there: {name}\n" in refused.stderr
    assert "No module named 'other'" in run("-c", REFUSES, **places).stderr


def test_snakemake_refuses_other_versions_of_its_packages(small: Project, tmp_path: Path) -> None:
    import yaml  # noqa: PLC0415 - the one that is copied

    shutil.copytree(Path(yaml.__file__).parent, tmp_path / "yaml")
    done = small.snakemake("--dry-run", environment={"PYTHONPATH": str(tmp_path)})
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert f"error: {tmp_path}, which PYTHONPATH names" in said
    assert "imported from there: yaml" in said
    assert "Traceback" not in said


def test_snakemake_refuses_an_encoding_that_lacks_letters(small: Project) -> None:
    done = small.snakemake("--dry-run", environment={"LC_ALL": "C", "PYTHONUTF8": "0"})
    said = done.stdout + done.stderr
    assert done.returncode != 0
    assert "found:    the encoding ascii" in said
    assert "PYTHONUTF8=1" in said
    assert "Traceback" not in said


def test_every_variable_that_this_code_sets_or_reads_is_one_of_the_build(tmp_path: Path) -> None:
    """What a job asks its environment for comes from the one place that decides."""
    jobs = environment.for_jobs(tmp_path, {})
    for name in ("JUCHI_ERRORS", "JUCHI_PROGRESS"):
        assert name in jobs
    asking = [
        path.relative_to(ROOT).as_posix()
        for package in ("juchi", "experiments", "report")
        for path in (ROOT / package).rglob("*.py")
        if "environ" in path.read_text("utf-8").replace("environment", "")
    ]
    assert sorted(asking) == [
        "juchi/cli.py",
        "juchi/core/environment.py",
        "juchi/core/errors.py",
        "juchi/core/matplotlibrc.py",
        "juchi/core/progress.py",
        "juchi/preview/jobs.py",
        "juchi/runtime/brevity.py",
        "juchi/runtime/client.py",
        "juchi/runtime/forkserver.py",
        "juchi/runtime/progress_display.py",
        "juchi/runtime/session.py",
        "juchi/verify/rebuild.py",
    ]

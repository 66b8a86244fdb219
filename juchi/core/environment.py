"""What the programs that a build starts inherit from the environment of whoever starts it.

What is built depends on the files of the project alone, and not on what an editor, a shell, a hook
of Git or another project has left in the environment. This module is the one place that decides:

- *jobs*, and Snakemake itself once it has read the Snakefile, keep what is named here and nothing
  else: `for_jobs`;
- *set-up steps* (pip, npm, a checker of pages) keep everything but what would have them install
  something else or elsewhere: `for_setup`;
- *Git* keeps everything but Git's own variables: `for_git`.

``python -m juchi.core.environment COMMAND...`` runs a command as a job. Nothing but the standard
library is imported, since the set-up runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import json
import os
import site
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from pathlib import Path
from types import ModuleType

from juchi.core.errors import UserError, run_command

__all__ = [
    "PIP_KEPT",
    "PROCESSOR",
    "adopt",
    "digest",
    "for_git",
    "for_jobs",
    "for_setup",
    "main",
    "processor",
    "refuse_foreign_modules",
    "require_utf8",
]

FONTS = Path(__file__).with_name("fonts.conf")

# In all lists of names a star at the end stands for any end.

# As which processor numerical libraries and the C library take this one. Some machines need one of
# these to run at all. They can change last digits: results that were trained with others are
# trained again, and the manifest of the site lists them.
PROCESSOR = (
    "ARROW_USER_SIMD_LEVEL",
    "ATEN_CPU_CAPABILITY",
    "BLIS_ARCH_TYPE",
    "DNNL_MAX_CPU_ISA",
    "GLIBC_TUNABLES",
    "MKL_CBWR",
    "MKL_DEBUG_CPU_TYPE",
    "MKL_ENABLE_INSTRUCTIONS",
    "NPY_DISABLE_CPU_FEATURES",
    "NPY_ENABLE_CPU_FEATURES",
    "NVPL_BLAS_DEBUG_CPU_TYPE",
    "ONEDNN_MAX_CPU_ISA",
    "OPENBLAS_CORETYPE",
)

# How the network is reached: no result depends on it.
_NETWORK = (
    *("http_proxy", "https_proxy", "ftp_proxy", "all_proxy", "no_proxy"),
    *("HTTP_PROXY", "HTTPS_PROXY", "FTP_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
    "NODE_EXTRA_CA_CERTS",
)

_PYTHON_KEPT = (
    # Whether and where bytecode is kept, and how output is buffered.
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONPYCACHEPREFIX",
    "PYTHONUNBUFFERED",
)

_KEPT_BY_JOBS = (
    # Where programs and the libraries that they are linked to are found, and temporary files go.
    *("PATH", "LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_*", "TMPDIR"),
    # Who builds. What programs keep in a home is set aside below, by the name of each.
    *("HOME", "USER", "LOGNAME", "XDG_*"),
    # What the terminal shows.
    *("TERM", "COLUMNS", "LINES", "NO_COLOR"),
    # Who tells a user's mistake: see juchi/core/errors.py.
    "JUCHI_BRIEF",
    *_PYTHON_KEPT,
    *PROCESSOR,
    # Which of the graphics cards are this user's.
    *("CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "NVIDIA_VISIBLE_DEVICES"),
    *("HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES"),
    # Snakemake's own, and what its plugins for clusters and storage are told: where, and as whom.
    *("SNAKEMAKE_*", "SLURM*", "SBATCH_*", "KUBE*", "AWS_*", "AZURE_*", "GOOGLE_*", "KRB5*"),
    "SSH_AUTH_SOCK",
    *_NETWORK,
)

_FIXED = {
    # The user's language and place: the order of names, how a date is written, how text is read.
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONUTF8": "1",
    "PYTHONHASHSEED": "0",
    # No packages from the user's home.
    "PYTHONNOUSERSITE": "1",
    # A sum that several threads share is rounded in another order.
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "BLIS_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "NUMEXPR_NUM_THREADS": "1",
    # No window, and no matplotlibrc of the user's (see also juchi/exhibits/style.py).
    "MPLBACKEND": "agg",
    "MATPLOTLIBRC": os.devnull,
    # No font and no rule of the machine's: every face comes from the catalogue.
    "FONTCONFIG_FILE": str(FONTS),
}
# Files and folders of the build, in the project's folder.
_OWN = {
    "JUCHI_ERRORS": ".snakemake/errors.txt",
    "JUCHI_PROGRESS": ".snakemake/progress",
}
# Where libraries keep what they would else put into the user's home or among temporary files.
_CACHES = {
    "MPLCONFIGDIR": ".snakemake/matplotlib",
    "TORCHINDUCTOR_CACHE_DIR": ".snakemake/torch",
}

# What would have a set-up step do something else, or in another place.
_DROPPED_BY_SETUP = (
    # Python and Node: other modules, other warnings, a debugger that waits.
    *("PYTHON*", "NODE_*", "npm_*", "NPM_*", "PIP_*", "UV_*"),
    # Other folders than those that are set up.
    *("VIRTUAL_ENV*", "PYENV_VERSION", "DESTDIR"),
    # What a shell reads before a script, and how it and its programs understand their words.
    *("BASH_*", "BASHOPTS", "SHELLOPTS", "ENV", "CDPATH", "GREP_OPTIONS", "POSIXLY_CORRECT"),
    "GIT_*",
)
# Of these families what says where packages are had and how they are reached and kept.
_KEPT_BY_SETUP = (
    *_PYTHON_KEPT,
    *_NETWORK,
    "NODE_TLS_REJECT_UNAUTHORIZED",
    "NODE_USE_SYSTEM_CA",
    *("UV_INDEX*", "UV_DEFAULT_INDEX", "UV_EXTRA_INDEX_URL", "UV_FIND_LINKS", "UV_OFFLINE"),
    *("UV_CACHE_DIR", "UV_NATIVE_TLS", "UV_SYSTEM_CERTS", "UV_INSECURE_HOST", "UV_HTTP_*"),
)
# The same for pip and npm, as settings of theirs, which may also stand in files.
PIP_KEPT = (
    *("index-url", "extra-index-url", "no-index", "find-links", "trusted-host"),
    *("cert", "client-cert", "proxy", "keyring-provider", "use-feature"),
    *("cache-dir", "no-cache-dir", "timeout", "default-timeout", "retries", "resume-retries"),
    *("no-color", "progress-bar", "quiet", "verbose"),
)
_NPM_KEPT = (
    *("registry", "proxy", "https-proxy", "noproxy", "ca", "cafile", "strict-ssl"),
    *("cache", "offline", "prefer-offline", "prefer-online", "maxsockets", "fetch-*"),
    *("loglevel", "color", "progress", "userconfig", "globalconfig", "//*"),
)
# Settings of a user's npmrc that would have npm install something else, or elsewhere.
_NPM_FIXED = {
    "npm_config_global": "false",
    "npm_config_location": "user",
    "npm_config_dry_run": "false",
    "npm_config_ignore_scripts": "true",
    "npm_config_package_lock": "true",
    "npm_config_package_lock_only": "false",
    "npm_config_install_strategy": "hoisted",
    "npm_config_update_notifier": "false",
}


def _is_one_of(name: str, patterns: Iterable[str]) -> bool:
    return any(
        name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern
        for pattern in patterns
    )


def for_jobs(project: Path, inherited: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a project's jobs.

    Parameters
    ----------
    project
        The project's folder.
    inherited
        The environment of this process, unless another one is given.
    """
    inherited = os.environ if inherited is None else inherited
    kept = {name: text for name, text in inherited.items() if _is_one_of(name, _KEPT_BY_JOBS)}
    # Jobs find the Python that runs Snakemake, also where its environment is not activated.
    programs, found = str(Path(sys.executable).parent), kept.get("PATH", os.defpath)
    if found.split(os.pathsep)[0] != programs:
        found = f"{programs}{os.pathsep}{found}"
    caches = {name: str(project.resolve() / folder) for name, folder in _CACHES.items()}
    return {**kept, "PATH": found, **_FIXED, **_OWN, **caches}


def adopt(project: Path, environment: MutableMapping[str, str] = os.environ) -> None:
    """Have this process, and all that it starts, go on in the environment of a project's jobs."""
    wanted = for_jobs(project, environment)
    environment.clear()
    environment.update(wanted)


def processor(inherited: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return what is set of the variables that say which processor this is, see `PROCESSOR`."""
    inherited = os.environ if inherited is None else inherited
    return {name: inherited[name] for name in PROCESSOR if name in inherited}


def digest(inherited: Mapping[str, str] | None = None) -> str:
    """Return what changes when jobs would run in another environment than before.

    Where the project lies does not count, and not what of the environment decides no result.
    """
    told = [
        {**_FIXED, "FONTCONFIG_FILE": FONTS.read_text("utf-8")},
        processor(inherited),
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def for_setup(inherited: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment of a step that installs or checks something.

    Without any setting of pip, whose own files of settings count too: see `setup.venv`.

    Parameters
    ----------
    inherited
        The environment of this process, unless another one is given.
    """
    inherited = os.environ if inherited is None else inherited
    kept = {
        name: text
        for name, text in inherited.items()
        if _is_one_of(name, _KEPT_BY_SETUP)
        or _is_npm_setting(name)
        or not _is_one_of(name, _DROPPED_BY_SETUP)
    }
    return {**kept, **_NPM_FIXED}


def _is_npm_setting(name: str) -> bool:
    """Tell whether a variable is a setting of npm that is kept; npm takes either case."""
    prefix = "npm_config_"
    if not name.lower().startswith(prefix):
        return False
    return _is_one_of(name[len(prefix) :].lower().replace("_", "-"), _NPM_KEPT)


def for_git(inherited: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment in which Git is asked about the project.

    None of Git's own variables is passed on: a hook of another repository sets ``GIT_DIR`` and
    ``GIT_INDEX_FILE``, and ``GIT_CONFIG_COUNT`` carries settings. What Git says is in English.

    Parameters
    ----------
    inherited
        The environment of this process, unless another one is given.
    """
    inherited = os.environ if inherited is None else inherited
    kept = {name: value for name, value in inherited.items() if not name.startswith("GIT_")}
    return {**kept, "LC_ALL": "C"}


def refuse_foreign_modules(project: Path) -> None:
    """Refuse to go on with packages that are not those of this Python's own environment.

    Those that ``PYTHONPATH`` or a user's home brings may be of other versions than the pins. What
    was not imported yet is found in the environment from now on.

    Raises
    ------
    UserError
        That names the modules that were imported from such a folder, and the folder.
    """
    own = [Path(sys.prefix).resolve(), Path(sysconfig.get_path("stdlib")).resolve()]
    foreign = [
        folder
        for folder in _foreign_folders()
        if folder != project.resolve() and not any(map(folder.is_relative_to, own))
    ]
    for folder in foreign:
        if names := sorted({name.partition(".")[0] for name in _imported_from(folder)}):
            raise UserError(
                where=f"{folder}, which PYTHONPATH names or your home has for every Python",
                found=f"imported from there: {', '.join(names)}",
                expected=f"the packages of {sys.prefix}",
                hint="run the same command with PYTHONNOUSERSITE=1 and without PYTHONPATH",
            )
    sys.path[:] = [entry for entry in sys.path if Path(entry).resolve() not in foreign]


def require_utf8() -> None:
    """Refuse to go on in a Python that writes command lines in another encoding than jobs read.

    Raises
    ------
    UserError
        That names the encoding.
    """
    encoding = sys.getfilesystemencoding()
    if encoding.lower() != "utf-8":
        raise UserError(
            where="the locale: LC_ALL, LC_CTYPE, LANG, or PYTHONUTF8",
            found=f"the encoding {encoding}",
            expected="utf-8: names and texts of the article are in Chinese too",
            hint="run the same command with PYTHONUTF8=1",
        )


def _foreign_folders() -> list[Path]:
    """Return the folders that the environment, and not this Python's own, adds to its modules."""
    named = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if entry]
    homes = [site.getusersitepackages()] if site.ENABLE_USER_SITE else []
    return [Path(entry).resolve() for entry in [*named, *homes]]


def _imported_from(folder: Path) -> Iterator[str]:
    for name, module in list(sys.modules.items()):
        if "." not in name and _home(module) == folder:
            yield name


def _home(module: ModuleType) -> Path | None:
    """Return the folder in which a module was found."""
    file = getattr(module, "__file__", None)
    if not file:
        return None
    path = Path(file).resolve()
    return path.parents[1] if hasattr(module, "__path__") else path.parent


def main() -> None:
    """Run the command that stands behind, as a job of the project in this folder."""
    command = sys.argv[1:]
    environment = for_jobs(Path())
    try:
        os.execvpe(command[0], command, environment)
    except (IndexError, FileNotFoundError) as error:
        raise UserError(
            where="python -m juchi.core.environment",
            found=f"no program {command[0]!r}" if command else "no command",
            expected="a command that is run in the environment of a job",
            hint="put the whole command behind it",
        ) from error


if __name__ == "__main__":
    run_command(main)
